"""The server around the application, and what it says in its log."""

from __future__ import annotations

import logging
import sys

import uvicorn

from api.application import create_app
from api.rules.authority import is_loopback
from api.rules.patience import PatientProtocol
from api.rules.service_settings import ServiceSettingsError
from environment import read_environment
from serving.connections.line_formats import FORMATS, formatter

CLOSE_S = 5  # how long requests that are being answered hold up the end
SWITCH_S = 0.001  # how long a thread may keep the others waiting: one of them answers requests
OURS = ("api", "feedback", "model", "serving")

log = logging.getLogger(__name__)


def serve(address: str, port: int) -> int:
    """Answer requests until a signal ends it; return the exit status."""
    environ = read_environment()
    set_up_log(environ.get("LOG_FORMAT") or "plain")
    sys.setswitchinterval(SWITCH_S)
    try:
        app = create_app(environ, is_on_loopback=is_loopback(address))
    except ServiceSettingsError as error:
        print(f"the service does not start: {error}", file=sys.stderr)
        return 1
    host = f"[{address}]" if ":" in address else address
    log.info("Inkling's HTTP service: http://%s:%d, described at /docs", host, port)
    uvicorn.run(
        app,
        host=address,
        port=port,
        http=PatientProtocol,
        ws="none",  # an upgrade would take a connection out of its rules
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,  # whom to believe, the gate decides
        timeout_graceful_shutdown=CLOSE_S,
    )
    return 0


def set_up_log(chosen: str) -> None:
    """Write all that is logged to stderr, in the format that LOG_FORMAT names."""
    chosen = chosen.strip().lower()
    handler = logging.StreamHandler()
    handler.setFormatter(formatter(chosen))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    for name in OURS:
        logging.getLogger(name).setLevel(logging.INFO)
    logging.captureWarnings(True)
    if chosen not in FORMATS:
        log.warning("LOG_FORMAT must be one of %s: plain lines it is", ", ".join(FORMATS))
