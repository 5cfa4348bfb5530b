"""What generators run on: a graphics card where one can be used, else the processor, and why."""

from __future__ import annotations

import ctypes
import sys
from typing import TYPE_CHECKING, Any, Literal

import onnxruntime

from ..engine import threads
from ..engine.errors import OptionError

if TYPE_CHECKING:
    from collections.abc import Callable

Wanted = Literal["auto", "cpu", "gpu"]

CARDS: dict[str, dict[str, Any]] = {
    "CUDAExecutionProvider": {"use_tf32": 0},  # its ten bits of mantissa would be seen in the matching
    "DmlExecutionProvider": {},
    "CoreMLExecutionProvider": {},
}
"""ONNX Runtime's names of the graphics cards' interfaces, the best first, and how each is set up."""

NAMES = {"CUDAExecutionProvider": "CUDA", "DmlExecutionProvider": "DirectML", "CoreMLExecutionProvider": "Core ML"}
DRIVERS = {"win32": "nvcuda.dll", "linux": "libcuda.so.1"}
QUIET = 3
"""Errors alone: what the runtime warns of is its own business."""


class Device:
    """Opens graphs' sessions on the interface ``card``, None for the processor. ``tell`` gets one line if it fails."""

    def __init__(self, card: str | None, reason: str, tell: Callable[[str], None]) -> None:
        self.card, self.reason, self._tell = card, reason, tell

    @property
    def name(self) -> str:
        return f"the processor, {threads.count()} threads" if self.card is None else NAMES[self.card]

    def open(self, graph: bytes) -> tuple[onnxruntime.InferenceSession, bool]:
        """The session of a graph, and whether it is on the card."""
        if self.card is not None:
            try:
                session = _opened(graph, (self.card, CARDS[self.card]))
                if self.card not in session.get_providers():
                    raise RuntimeError("it can't be used")
            except Exception as error:
                self.give_up(error)
            else:
                return session, True
        return _opened(graph, "CPUExecutionProvider"), False

    def give_up(self, error: Exception) -> None:
        """Leave the card for the processor."""
        if self.card is not None:
            first = str(error).strip().split("\n")[0]
            self._tell(f"{NAMES[self.card]} failed, so the processor goes on: {first}")
        self.card = None


def choose_device(wanted: Wanted = "auto", *, tell: Callable[[str], None]) -> Device:
    """The device that was asked for. Raises OptionError where there is no graphics card that could be used."""
    if wanted == "cpu":
        return Device(None, "as was asked for", tell)
    for card in CARDS:
        if card in onnxruntime.get_available_providers() and (card != "CUDAExecutionProvider" or _has_driver()):
            if card == "CUDAExecutionProvider":
                onnxruntime.preload_dlls()  # those that came with PyTorch
            return Device(card, f"{NAMES[card]} was found", tell)
    if wanted == "gpu":
        raise OptionError("No graphics card was found that could be used.", remedy="Choose --device cpu.")
    return Device(None, "no graphics card was found that could be used", tell)


def _has_driver() -> bool:
    """Whether NVIDIA's driver is there. ONNX Runtime lists CUDA wherever it was built for it."""
    try:
        ctypes.CDLL(DRIVERS.get(sys.platform, ""))
    except OSError:
        return False
    return sys.platform in DRIVERS


def _opened(graph: bytes, provider: str | tuple[str, dict[str, Any]]) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.log_severity_level = QUIET
    options.intra_op_num_threads = threads.count()
    options.add_session_config_entry("session.set_denormal_as_zero", "1")  # dying activations cost many times as much
    # Threads that wait in a loop for one scale's next block take the processor from the other scales.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    return onnxruntime.InferenceSession(graph, options, providers=[provider])
