"""How high and how low each character stands in a line, and how far from the next.

Measured once on the 6,279 lines of `apb` and `app` (training sites) whose strokes are told apart
into characters: medians of each character's top and bottom over the baseline, in heights of a
capital, after each line's baseline and scale were fitted to all of its characters by turns.
"""

from __future__ import annotations

HEIGHTS: dict[str, tuple[float, float]] = {  # top and bottom; y up, 0: the baseline
    "0": (0.85, 0.03), "1": (0.87, -0.02), "2": (0.87, -0.01), "3": (0.95, -0.05),
    "4": (1.01, -0.07), "5": (0.96, -0.02), "6": (0.98, -0.02), "7": (0.98, -0.04),
    "8": (0.99, -0.05), "9": (1.02, -0.07), "A": (1.01, -0.04), "B": (1.08, -0.04),
    "C": (0.94, 0.06), "D": (1.02, -0.01), "E": (1.0, -0.01), "F": (1.07, -0.01),
    "G": (0.97, -0.08), "H": (1.05, -0.04), "I": (0.9, 0.04), "J": (1.07, -0.0),
    "K": (0.99, -0.01), "L": (0.95, 0.01), "M": (0.95, -0.02), "N": (0.98, 0.02),
    "O": (0.86, 0.04), "P": (1.1, -0.03), "Q": (1.0, -0.16), "R": (1.05, -0.03), "S": (1.0, 0.01),
    "T": (1.01, 0.01), "U": (0.91, 0.04), "V": (1.0, 0.03), "W": (0.96, 0.03), "X": (0.92, -0.03),
    "Y": (1.04, -0.17), "Z": (0.94, -0.0), "a": (0.52, 0.01), "b": (0.98, 0.0), "c": (0.55, 0.02),
    "d": (1.04, 0.0), "e": (0.56, 0.01), "f": (1.06, -0.08), "g": (0.53, -0.62), "h": (1.01, 0.01),
    "i": (0.87, 0.02), "j": (0.89, -0.5), "k": (0.96, 0.0), "l": (1.01, 0.01), "m": (0.52, -0.02),
    "n": (0.51, -0.0), "o": (0.5, 0.02), "p": (0.57, -0.49), "q": (0.57, -0.61), "r": (0.57, 0.03),
    "s": (0.58, -0.03), "t": (0.94, 0.02), "u": (0.52, 0.02), "v": (0.6, 0.01), "w": (0.56, 0.02),
    "x": (0.58, -0.05), "y": (0.52, -0.61), "z": (0.58, -0.04),
}  # fmt: skip
# Standard deviations of top and bottom within one character are 0.157 and 0.152, half of it from
# how a line's scale is fitted. Gaps between the boxes of neighbours: 0.23 of a capital (5 % below
# -0.07, 5 % above 0.63); lines' own means 0.03 to 0.55, with 0.14 around them. Between words 1.0
# (5 % below 0.44, 5 % above 1.99).
TOP_DEVIATION, BOTTOM_DEVIATION = 0.09, 0.06
GAP, GAP_DEVIATION = 0.23, 0.14
WORD_GAP = 1.0
