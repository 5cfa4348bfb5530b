"""ONNX graphs at work, on the processor. Importing this needs no torch."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import onnxruntime

if TYPE_CHECKING:
    from collections.abc import Mapping

QUIET = 3
"""Errors alone: what the runtime warns of is its own business."""


class Session:
    """One graph, ready to run."""

    def __init__(self, graph: bytes) -> None:
        options = onnxruntime.SessionOptions()
        options.log_severity_level = QUIET
        self._session = onnxruntime.InferenceSession(graph, options, providers=["CPUExecutionProvider"])

    def run(self, inputs: Mapping[str, np.ndarray]) -> np.ndarray:
        """The graph's one output; inputs are float32 arrays by their names."""
        return np.asarray(self._session.run(None, dict(inputs))[0])
