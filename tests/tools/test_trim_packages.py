"""The image loses what no dashboard loads, and nothing else."""

from __future__ import annotations

from pathlib import Path

from tools.trim_packages import trim


def test_tests_and_other_peoples_tools_go_and_what_runs_stays(tmp_path: Path):
    go = ["pandas/tests/frame/tests/test_a.py", "pyarrow/libarrow_flight.so.2600", "numpy/a.pyi"]
    go += ["onnxruntime/capi/libonnxruntime.so.1.32.0", "pydeck/nbextension/static/index.js"]
    stay = ["pandas/core/a.py", "pyarrow/libarrow.so.2600", "numpy/testing/a.py"]
    stay += ["onnxruntime/capi/onnxruntime_pybind11_state.so", "pydeck/bindings/a.py"]
    for name in go + stay:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()

    trim(tmp_path)

    left = {path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*") if path.is_file()}
    assert left == set(stay)
