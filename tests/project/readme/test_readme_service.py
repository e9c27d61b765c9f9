"""What README says of the HTTP service's speed is what was measured."""

from __future__ import annotations

import json

from environment import ROOT

README = (ROOT / "README.md").read_text()
SECTION = README[README.index("## HTTP service") : README.index("## Configuration")]
MEASURED = json.loads((ROOT / "results" / "service_benchmark.json").read_text())


def test_the_figures_of_the_service_are_those_that_were_recorded() -> None:
    read, infer = MEASURED["read"], MEASURED["infer"]
    training = MEASURED["while_training"]
    rows = {
        "`POST /v1/read`, one picture of 28 × 28 px each, 16 clients": (
            f"{read['requests_per_s']:,} a second; half within {read['p50_ms']:.0f} ms, "
            f"95 % within {read['p95_ms']:.0f} ms"
        ),
        "`/v2`, 256 images a call, 2 clients": f"{infer['images_per_s']:,} images a second",
        "resident memory, without a training": f"{MEASURED['resident_mb']} MB",
        "other routes while a training runs": f"95 % within {training['p95_ms']:.0f} ms",
    }

    for what, figure in rows.items():
        assert f"| {what} | {figure} |" in SECTION
