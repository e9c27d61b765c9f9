"""Is the process all right, and can it be given work: two questions with two answers."""

from __future__ import annotations

from starlette.responses import JSONResponse

from process import start

FRESH = {"Cache-Control": "no-store"}


def healthz(_request: object) -> JSONResponse:
    """Answer 200 once the weights are loaded, else 503: a new process may help.

    The store has no part in it: a database that is away must not take the dashboard away.
    """
    weights = start.weights_state()
    return JSONResponse({"weights": weights}, 200 if weights == "loaded" else 503, FRESH)


def readyz(_request: object) -> JSONResponse:
    """Answer 200 when the weights are loaded and the store answers or is off, else 503.

    It says which of them is not ready. Why, and where the store is, stands in the log alone:
    anybody may ask here.
    """
    weights, store = start.weights_state(), start.store_state()
    is_ready = weights == "loaded" and store in ("answers", "off")
    return JSONResponse({"weights": weights, "store": store}, 200 if is_ready else 503, FRESH)
