"""What the dashboard loads: nothing that only training needs."""

from __future__ import annotations

import os
import subprocess
import sys

from environment import ROOT

TRAINERS = {
    *("torch", "torchvision", "captum", "onnx", "onnxscript", "onnx_ir", "sympy"),
    *("sklearn", "matplotlib", "tqdm", "mlflow", "dask", "distributed"),
}
# The whole app in a process of its own, with a drawing read and its explanation opened.
VISIT = """
import importlib
import sys

sys.path[:0] = ["streamlit", "."]
from streamlit.testing.v1 import AppTest
from tests.streamlit.drawn import digit
from tests.streamlit.seen import shown

app = AppTest.from_file("streamlit/dashboard.py", default_timeout=120)
app.session_state["draw_canvas"] = digit(3)
app.session_state["draw_ink_canvas"] = True
app.run()
assert "orange is what spoke for 3" in shown(app)
for page in ("statistics", "history", "model_card"):
    importlib.import_module(f"views.{page}")
print("loaded:", *{name.split(".")[0] for name in sys.modules})
"""


def test_the_dashboard_loads_onnx_runtime_and_nothing_of_the_trainer() -> None:
    environ = {**os.environ, "EMBEDDED_STORE": "off", "DB_HOST": ""}

    answer = subprocess.check_output(
        [sys.executable, "-c", VISIT], cwd=ROOT, text=True, env=environ, stderr=subprocess.DEVNULL
    )

    loaded = set(answer.split("loaded:")[1].split())
    assert {"streamlit", "onnxruntime", "views", "model"} <= loaded
    assert loaded & TRAINERS == set()
