"""ONNX Runtime, asked for no more than it is needed for: one graph, on the CPU, quietly."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from environment import switch_off_telemetry
from model.errors import BadWeights

ERRORS_ONLY = 3  # of its log; what it warns of is its own affair, of a graph that was checked


class Session:
    """A graph that is ready to run; safe to use from several threads."""

    def __init__(self, graph: bytes, threads: int = 1) -> None:
        """Load an ONNX model of one input; threads: that one run takes.

        Raises BadWeights where this ONNX Runtime cannot run it.
        """
        switch_off_telemetry()
        import onnxruntime  # after that: its builds look, as they are loaded, whether they may

        onnxruntime.disable_telemetry_events()
        options = onnxruntime.SessionOptions()
        options.log_severity_level = ERRORS_ONLY
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        # Threads that wait for the next run sleep, as other sessions need the processor.
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        try:
            self._session = onnxruntime.InferenceSession(
                graph, options, providers=["CPUExecutionProvider"]
            )
        except Exception as error:  # its exceptions have no common class of their own
            raise BadWeights(
                f"ONNX Runtime {onnxruntime.__version__} cannot run these weights: {error}"
            ) from error
        self._input: str = self._session.get_inputs()[0].name

    def run(
        self, outputs: Sequence[str], images: NDArray[np.float32] | NDArray[np.uint8]
    ) -> list[NDArray[np.float32]]:
        """Return the named outputs for images, as the graph takes them, a row for each."""
        results: list[NDArray[np.float32]] = self._session.run(list(outputs), {self._input: images})
        return results
