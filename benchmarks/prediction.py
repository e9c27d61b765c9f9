"""How long one canvas takes, from its pixels to a prediction: `python -m benchmarks.prediction`.

On one thread, as the dashboard reads. Each canvas is read a few times over, and the least of its
times counts: what it takes on a core that nothing else wants.
"""

from __future__ import annotations

import json
import platform
import statistics
import time
from collections.abc import Callable
from typing import TypeVar

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from environment import ROOT
from model import Recogniser
from model.ink.preprocess import prepare

Given = TypeVar("Given")
REPORT = ROOT / "results" / "prediction_benchmark.json"
DRAWINGS = 300  # read one by one
TOGETHER = 1000  # read in one call
TIMES = 5
TARGET_MS = 2.0  # for one 280 x 280 canvas, preparation included
TARGET_PER_S = 1500  # in one call, on a core with AVX-512; 800 with AVX2


def main() -> None:
    """Time preparation and prediction of drawings one by one and together; write the report."""
    recogniser = Recogniser.load()
    rng = np.random.default_rng(0)
    canvases = [_canvas(rng) for _ in range(TOGETHER)]
    for canvas in canvases[:20]:  # the first calls also load code
        recogniser.predict(canvas)
    prepare_ms = _median_ms(prepare, canvases[:DRAWINGS])
    single_ms = _median_ms(recogniser.predict, canvases[:DRAWINGS])
    together_s = min(_seconds(recogniser.predict_many, canvases) for _ in range(TIMES))
    report = {
        "weights": recogniser.card.version,
        "onnxruntime": onnxruntime.__version__,
        "drawings": DRAWINGS,
        "threads": 1,
        "machine": platform.machine(),
        "preparation_median_ms": round(prepare_ms, 2),
        "preparation_and_prediction_median_ms": round(single_ms, 2),
        "target_ms": TARGET_MS,
        "together": TOGETHER,
        "together_drawings_per_s": round(TOGETHER / together_s),
        "together_target_per_s": TARGET_PER_S,
    }
    REPORT.parent.mkdir(exist_ok=True)
    REPORT.write_text(json.dumps(report, indent=2) + "\n")
    print(
        f"one canvas: preparation {prepare_ms:.2f} ms, with prediction {single_ms:.2f} ms "
        f"(medians of {DRAWINGS}; target {TARGET_MS:.0f} ms)\n"
        f"{TOGETHER} in one call: {TOGETHER / together_s:.0f} drawings a second "
        f"(target {TARGET_PER_S})"
    )


def _canvas(rng: np.random.Generator) -> NDArray[np.uint8]:
    """A canvas with one curved stroke of random place, size and width: uint8 (280, 280, 4)."""
    image = Image.new("RGBA", (280, 280), (255, 255, 255, 255))
    centre, radius = rng.uniform(100, 180, 2), rng.uniform(40, 90)
    angles = np.linspace(0, rng.uniform(3, 7), 40)
    points = np.stack([np.cos(angles), np.sin(angles) * 1.2], axis=1) * radius + centre
    draw = ImageDraw.Draw(image)
    draw.line([(x, y) for x, y in points], "black", width=int(rng.integers(8, 26)), joint="curve")
    return np.asarray(image)


def _median_ms(
    work: Callable[[NDArray[np.uint8]], object], canvases: list[NDArray[np.uint8]]
) -> float:
    spent = [min(_seconds(work, canvas) for _ in range(TIMES)) for canvas in canvases]
    return 1000 * statistics.median(spent)


def _seconds(work: Callable[[Given], object], given: Given) -> float:
    start = time.perf_counter()
    work(given)
    return time.perf_counter() - start


if __name__ == "__main__":
    main()
