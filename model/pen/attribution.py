"""Whose handwriting weights learn from, and under which licence it may be used."""

from __future__ import annotations

from collections.abc import Mapping

MNIST = "MNIST (LeCun, Cortes, Burges), CC BY-SA 3.0"
EMNIST = "EMNIST (Cohen et al., 2017), of NIST Special Database 19, public domain"
UNIPEN = "UNIPEN train_r01_v07 (Guyon et al., 1994), CC BY 4.0"
PENDIGITS = "Pen-Based Recognition of Handwritten Digits (Alpaydin and Alimoglu), CC BY 4.0"
# By the source of training data, as `TrainingSet.sizes` names it.
SOURCES = {
    "MNIST": (MNIST,),
    "EMNIST": (EMNIST,),
    "pen digits": (UNIPEN, PENDIGITS),
    "pen characters": (UNIPEN, PENDIGITS),
    "characters of lines": (UNIPEN,),
    "letters": (UNIPEN,),
    "written lines": (UNIPEN,),
    "composed lines": (UNIPEN, PENDIGITS),
}


def attribution(sizes: Mapping[str, int]) -> tuple[str, ...]:
    """Return whom weights owe their training data to, each named once.

    sizes: images of each source, from `TrainingSet.sizes`; sources without any are left out. Pen
    strokes are taken to be the two collections that the README describes.
    """
    named = [
        words for source, images in sizes.items() if images for words in SOURCES.get(source, ())
    ]
    return tuple(dict.fromkeys(named))
