"""What is said between the client and the workers of a cluster."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..variants import Learning, Variant
    from ..variants.opening import Ingredients
    from .inputs import Input


@dataclass(frozen=True, kw_only=True)
class Desk:
    """Where results are taken: the ``folder`` for parts, which holds a file with the ``token`` as its name, so that a
    worker that sees the folder knows that it is this one; ``topic`` is where progress is told every ``every_s``.
    ``version`` is the client's."""

    folder: str
    token: str
    topic: str
    every_s: float
    version: str


@dataclass(frozen=True, kw_only=True)
class Order:
    """Make the file ``name`` of an ``input``; where a worker looks for paths of the client's it may find them."""

    name: str
    input: Input
    desk: Desk

    def inputs(self) -> Iterator[Input]:
        """All that a worker has to have for it."""
        yield self.input


@dataclass(frozen=True, kw_only=True)
class RenderOrder(Order):
    """The frames ``span`` of a ``variant`` of so many ``frames``, None for as many as the texture has; ``whole`` where
    they are all, in a file of their own, else without loss. ``source`` is the clip of a model that only names it."""

    source: Input | None
    ingredients: Ingredients
    variant: Variant
    frames: int | None
    span: tuple[int, int]
    whole: bool

    def inputs(self) -> Iterator[Input]:
        yield from super().inputs()
        if self.source is not None:
            yield self.source


@dataclass(frozen=True, kw_only=True)
class Begun:
    """What a ``worker`` that asked for it goes on from; ``state`` is None where there is nothing."""

    worker: str
    state: Input | None


@dataclass(frozen=True, kw_only=True)
class LearnOrder(Order):
    """A texture model of a clip, ``range`` and ``rate`` as a job file has them. ``slots`` says how many tasks each
    machine does at once. ``begun`` is None until a worker asks."""

    range: str | None
    rate: str | None
    how: Learning
    slots: dict[str, int] = field(default_factory=dict)
    begun: Begun | None = None

    def inputs(self) -> Iterator[Input]:
        yield from super().inputs()
        if self.begun is not None and self.begun.state is not None:
            yield self.begun.state


def state_of(name: str) -> str:
    """The file that holds what is learned for the order of this name, until it is learned."""
    return f"{name}.part"


Kind = Literal["made", "missing", "asks", "unfit", "failed", "stopped"]


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What became of an order at a ``worker`` of a ``host``.

    ``made``: the file has the digest ``sha256``; ``content`` is None where it lies in the folder for parts already.
    ``missing``: the worker has not the input of the digest ``sha256``, and has to be sent it. ``asks``: it would like
    to know how far another one has come with it. ``unfit``: this worker can't, another one may. ``failed``: none can.
    ``notices`` are sentences that the person must be told.
    """

    kind: Kind
    worker: str
    host: str
    sha256: str = ""
    content: bytes | None = None
    problem: str = ""
    remedy: str = ""
    notices: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class About:
    """A worker: its versions of what pictures depend on, and whether it sees the folder for parts."""

    host: str
    versions: dict[str, str]
    sees_folder: bool
