"""How fast the HTTP service answers: `python -m benchmarks.service`; writes results/.

Server and clients share the machine's cores, as the targets have it.
"""

from __future__ import annotations

import argparse
import asyncio
import io
import json
import os
import platform
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import numpy as np
import psutil
from PIL import Image

from environment import ROOT, data_dir, read_environment
from model.datasets.idx import read_idx

RESULTS = ROOT / "results" / "service_benchmark.json"
CLIENTS, IMAGES = 16, 256
BOUNDARY = "inkling-benchmark"
START_S = 60.0
TRAINING: dict[str, Any] = {
    "use_small_dataset": True,
    "grid_search_params": {
        "rf": {"param": {"n_estimators": [50, 100, 150]}, "n_jobs": -1, "cv": 3},
        "svm": {"param": {"C": [1, 10], "gamma": [0.01]}, "n_jobs": -1, "cv": 3},
    },
}
ASKED = ("/healthz", "/v1/weights", "/v1/statistics", "/v1/read")  # while it trains


def main(argv: Sequence[str] | None = None) -> int:
    """Measure, print and write; return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=8.0, help="of each measurement")
    parser.add_argument("--no-training", action="store_true", help="leave the training out")
    options = parser.parse_args(argv)
    raw = data_dir(read_environment()) / "MNIST" / "raw" / "t10k-images-idx3-ubyte"
    images = read_idx(raw)[:IMAGES]
    figures: dict[str, Any] = {"processor": platform.processor() or platform.machine(),
                               "cores": os.cpu_count()}  # fmt: skip
    with tempfile.TemporaryDirectory() as folder, running(Path(folder)) as (port, process):
        reads = [reading_request(image) for image in images]
        measure(port, reads, 4, 1.0)  # all is warm
        figures["read"] = measure(port, reads, CLIENTS, options.seconds)
        tensors = measure(port, [inference_request(images)], 2, options.seconds, images=IMAGES)
        del tensors["requests_per_s"]
        figures["infer"] = tensors
        figures["resident_mb"] = round(psutil.Process(process.pid).memory_info().rss / 1e6)
        if not options.no_training:
            figures["while_training"] = while_training(port, reads[0], options.seconds)
    for name, figure in figures.items():
        print(f"{name}: {figure}")
    RESULTS.write_text(json.dumps(figures, indent=1) + "\n")
    return 0


@contextmanager
def running(folder: Path) -> Iterator[tuple[int, subprocess.Popen[bytes]]]:
    """Give the port and the process of a service that is ready, over a store of its own."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    own = {"API_RATE": "0", "EMBEDDED_STORE": str(folder / "store.sqlite3"),
           "MODELS_DIR": str(folder), "API_TOKEN": ""}  # fmt: skip
    command = [sys.executable, "-m", "api", "--port", str(port)]
    process = subprocess.Popen(command, cwd=ROOT, env={**read_environment(), **own})
    try:
        end_s = time.monotonic() + START_S
        while not _is_ready(port):
            if process.poll() is not None or time.monotonic() > end_s:
                raise SystemExit("the service did not start")
            time.sleep(0.1)
        yield port, process
    finally:
        process.terminate()
        process.wait(20)


def reading_request(image: np.ndarray[Any, Any]) -> bytes:
    """Return a whole request that has a picture of 28 x 28 px read."""
    file = io.BytesIO()
    Image.fromarray(image).save(file, "PNG")
    head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="image"; filename="a.png"\r\n\r\n'
    body = head.encode() + file.getvalue() + f"\r\n--{BOUNDARY}--\r\n".encode()
    return _request("POST", "/v1/read", f"multipart/form-data; boundary={BOUNDARY}", body)


def inference_request(images: np.ndarray[Any, Any]) -> bytes:
    """Return a whole request that has images read as a tensor of UINT8."""
    tensor = {"name": "images", "datatype": "UINT8", "shape": list(images.shape),
              "data": images.ravel().tolist()}  # fmt: skip
    body = json.dumps({"inputs": [tensor]}).encode()
    return _request("POST", "/v2/models/digits/infer", "application/json", body)


def measure(
    port: int, requests: Sequence[bytes], clients: int, seconds: float, *, images: int = 1
) -> dict[str, Any]:
    """Return how many requests a second are answered, and how long each takes, ms.

    images: of each request; where there are several, those of a second are told, too.
    """
    times_s: list[float] = []

    async def client(number: int, end_s: float) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        while time.perf_counter() < end_s:
            began_s = time.perf_counter()
            writer.write(requests[number % len(requests)])
            number += 1
            await _answer(reader)
            times_s.append(time.perf_counter() - began_s)
        writer.close()

    async def all_of_them() -> float:
        began_s = time.perf_counter()
        await asyncio.gather(*(client(n, began_s + seconds) for n in range(clients)))
        return time.perf_counter() - began_s

    took_s = asyncio.run(all_of_them())
    a_second = len(times_s) / took_s
    told = {"clients": clients, "requests_per_s": round(a_second), **_told(times_s)}
    return told if images == 1 else {**told, "images_per_s": round(images * a_second)}


def while_training(port: int, reading: bytes, seconds: float) -> dict[str, Any]:
    """Return how long other routes take while a training runs, asked one after the other."""
    connection = HTTPConnection("127.0.0.1", port, timeout=60)
    headers = {"Content-Type": "application/json", "Prefer": "respond-async"}
    connection.request("POST", "/training", json.dumps(TRAINING), headers)
    response = connection.getresponse()
    job = json.loads(response.read())
    if response.status != 202:
        raise SystemExit(f"no training: {job}")
    requests = {path: _request("GET", path, "", b"") for path in ASKED} | {"/v1/read": reading}
    times_s: dict[str, list[float]] = {path: [] for path in ASKED}

    async def ask() -> str:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        began_s, state = time.perf_counter(), "running"
        while state == "running" and time.perf_counter() - began_s < max(4 * seconds, 20.0):
            for path in ASKED:
                asked_s = time.perf_counter()
                writer.write(requests[path])
                await _answer(reader)
                times_s[path].append(time.perf_counter() - asked_s)
                await asyncio.sleep(0.01)
            connection.request("GET", f"/jobs/{job['id']}")
            state = json.loads(connection.getresponse().read())["state"]
        writer.close()
        return state

    state = asyncio.run(ask())
    if state == "running":
        connection.request("DELETE", f"/jobs/{job['id']}")
        connection.getresponse().read()
    connection.close()
    every = [one for some in times_s.values() for one in some]
    by_path = {path: _told(some) for path, some in times_s.items()}
    return {"training": state, **_told(every), "routes": by_path}


def _told(times_s: list[float]) -> dict[str, Any]:
    middle, late = np.percentile(times_s, [50, 95]) * 1e3
    return {"p50_ms": round(float(middle), 1), "p95_ms": round(float(late), 1)}


def _request(method: str, path: str, kind: str, body: bytes) -> bytes:
    head = f"{method} {path} HTTP/1.1\r\nHost: localhost\r\nContent-Length: {len(body)}\r\n"
    return (head + (f"Content-Type: {kind}\r\n\r\n" if kind else "\r\n")).encode() + body


async def _answer(reader: asyncio.StreamReader) -> bytes:
    head = (await reader.readuntil(b"\r\n\r\n")).lower()
    if not head.startswith(b"http/1.1 200"):
        raise SystemExit(head.decode())
    length = head.partition(b"content-length:")[2].partition(b"\r\n")[0]
    return await reader.readexactly(int(length))


def _is_ready(port: int) -> bool:
    connection = HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/readyz")
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()


if __name__ == "__main__":
    sys.exit(main())
