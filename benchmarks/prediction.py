"""How long one canvas takes, from its pixels to a prediction: `python -m benchmarks.prediction`."""

from __future__ import annotations

import json
import platform
import statistics
import time
from collections.abc import Callable

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from environment import ROOT
from model import Recogniser
from model.ink.preprocess import prepare

REPORT = ROOT / "results" / "prediction_benchmark.json"
DRAWINGS = 300
TARGET_MS = 5.0  # for one 280 x 280 canvas, preparation included


def main() -> None:
    """Time preparation and prediction of drawings one by one and together; write the report."""
    torch.set_num_threads(1)  # as the dashboard does
    recogniser = Recogniser.load()
    rng = np.random.default_rng(0)
    canvases = [_canvas(rng) for _ in range(DRAWINGS)]
    for canvas in canvases[:20]:  # the first calls also load code
        recogniser.predict(canvas)
    prepare_ms = _median_ms(prepare, canvases)
    single_ms = _median_ms(recogniser.predict, canvases)
    start = time.perf_counter()
    recogniser.predict_many(canvases)
    together_s = time.perf_counter() - start
    report = {
        "weights": recogniser.card.version,
        "drawings": DRAWINGS,
        "threads": torch.get_num_threads(),
        "machine": platform.machine(),
        "preparation_median_ms": round(prepare_ms, 2),
        "preparation_and_prediction_median_ms": round(single_ms, 2),
        "target_ms": TARGET_MS,
        "together_drawings_per_s": round(DRAWINGS / together_s),
    }
    REPORT.parent.mkdir(exist_ok=True)
    REPORT.write_text(json.dumps(report, indent=2) + "\n")
    print(
        f"one canvas: preparation {prepare_ms:.2f} ms, with prediction {single_ms:.2f} ms "
        f"(medians of {DRAWINGS}; target {TARGET_MS:.0f} ms)\n"
        f"all in one call: {DRAWINGS / together_s:.0f} drawings a second"
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
    spent = []
    for canvas in canvases:
        start = time.perf_counter()
        work(canvas)
        spent.append(time.perf_counter() - start)
    return 1000 * statistics.median(spent)


if __name__ == "__main__":
    main()
