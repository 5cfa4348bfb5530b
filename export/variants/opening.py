"""The texture that variants are made of, as large as each of them needs it."""

from __future__ import annotations

import gc
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

from ...engine.clip import parse_span
from ...engine.container import is_container
from ...engine.exemplar import MOST_BYTES, short_side_for
from ...engine.fit import fitted
from ...engine.instant import instant_texture
from ...engine.model import load_model
from ...engine.video import probe
from ..device import choose_device
from ..textures import open_texture

if TYPE_CHECKING:
    from collections.abc import Callable

    from ...engine.fit import Fit
    from ...engine.layers import Layer
    from ...engine.synthesis import Texture


@dataclass(frozen=True, kw_only=True)
class Ingredients:
    """A texture model or a clip, ``path``, and how it is opened; ``range`` and ``rate`` as a job file has them."""

    path: str
    layers: tuple[Layer, ...] | None
    fit: Fit
    range: str | None
    rate: str | None
    source: str | None
    exemplar_bytes: int = MOST_BYTES


class Textures:
    """The texture of some ingredients; variants of one size follow each other."""

    def __init__(self, of: Ingredients, *, tell: Callable[[str], None], stop: Callable[[], bool]) -> None:
        self._of, self._path = of, Path(of.path)
        self._model = load_model(self._path) if is_container(self._path) else None
        self._device = choose_device(tell=tell)
        self._opened: tuple[tuple[int, int] | None, Texture] | None = None
        self.attend(tell=tell, stop=stop)

    def attend(self, *, tell: Callable[[str], None], stop: Callable[[], bool]) -> None:
        """From now on ``tell`` is given what the person must be told, and ``stop`` asked while a clip is read."""
        self._tell, self._stop = tell, stop

    def of(self, size_hw: tuple[int, int] | None) -> Texture:
        """Raises what opening a model or a clip does, and ReadStopped where ``stop`` came true."""
        if self._opened is None or self._opened[0] != size_hw:
            # Not both in memory; what refers to itself goes when it is looked for.
            self._opened = None
            gc.collect()
            self._opened = size_hw, fitted(self._open(size_hw), size_hw, fit=self._of.fit)
        return self._opened[1]

    def _open(self, size_hw: tuple[int, int] | None) -> Texture:
        of = self._of
        if self._model is None:
            rate = None if of.rate is None else Fraction(of.rate)
            info = probe(self._path, rate=rate)
            texture, notices = instant_texture(
                self._path,
                span=None if of.range is None else parse_span(of.range),
                short_side=short_side_for(info.size_hw, info.sample_aspect, size_hw),
                rate=rate,
                exemplar_bytes=of.exemplar_bytes,
                stop=self._stop,
            )
            for text in notices:
                self._tell(text)
            return texture
        return open_texture(
            self._model,
            self._device,
            layers=of.layers,
            size_hw=size_hw,
            source=None if of.source is None else Path(of.source),
            exemplar_bytes=of.exemplar_bytes,
            stop=self._stop,
        )
