"""ONNX graphs at work. Importing this needs no torch."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .device import Device


class Session:
    """One graph on a device; on the processor from where that fails on."""

    def __init__(self, graph: bytes, device: Device) -> None:
        self._graph, self._device = graph, device
        self._session, self._on_card = device.open(graph)

    @property
    def channels(self) -> dict[str, int]:
        """Of each input, its second dimension."""
        return {one.name: one.shape[1] for one in self._session.get_inputs()}

    def run(self, inputs: Mapping[str, np.ndarray]) -> list[np.ndarray]:
        """The graph's outputs in order; inputs are float32 arrays by their names."""
        try:
            made = self._session.run(None, dict(inputs))
        except Exception as error:
            if not self._on_card:
                raise
            self._device.give_up(error)
            self._session, self._on_card = self._device.open(self._graph)
            made = self._session.run(None, dict(inputs))
        return [np.asarray(one) for one in made]
