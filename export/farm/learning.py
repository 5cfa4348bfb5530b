"""Learning a clip at a worker."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from ...engine.clip import parse_span
from ...engine.errors import ModelFileError
from ...engine.events import Learned, Notice, StepDone
from ...engine.exemplar import with_exemplar
from ...engine.model import save_model
from ...engine.video import probe, read_clip
from ..graphs import with_graphs
from ..stream import Rendered

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from .orders import LearnOrder

PER_CENT = 100


def learned(
    order: LearnOrder, clip_path: Path, out: Path, *, state: Path, threads: int, stop: Callable[[], bool]
) -> Iterator[Rendered | Notice]:
    """Learn a clip with so many threads, and write the texture model; progress in per cent. ``state`` is the file from
    which an interrupted run goes on; a damaged one is begun anew. Nothing is written where ``stop`` came true.

    Raises what reading, learning and saving do.
    """
    import torch  # noqa: PLC0415  # takes seconds, and rendering needs none

    from ...engine.learn import learn  # noqa: PLC0415
    from ...engine.quality import options_for  # noqa: PLC0415
    from ...engine.training.checkpoint import read_state  # noqa: PLC0415

    torch.set_num_threads(threads)
    rate = None if order.rate is None else Fraction(order.rate)
    options = options_for(order.how.quality, probe(clip_path, rate=rate), seed=order.how.seed)
    clip = read_clip(
        clip_path,
        span=None if order.range is None else parse_span(order.range),
        short_side=options.size,
        min_frames=options.window,
        rate=rate,
        stop=stop,
    )
    for text in clip.notices:
        yield Notice(text=text)
    state.parent.mkdir(parents=True, exist_ok=True)
    if state.exists():
        try:
            read_state(state, identity={})
        except ModelFileError:
            state.unlink()
    for event in learn(clip, options, state=state, stop=stop):
        match event:
            case Notice():
                yield event
            case StepDone(done=done, left_s=left):
                yield Rendered(frame=round(done * PER_CENT), frames=PER_CENT, left_s=left)
            case Learned(model=model):
                model, notices = with_exemplar(model, clip_path, link=False, rate=rate, stop=stop)
                for text in notices:
                    yield Notice(text=text)
                save_model(with_graphs(model), out, overwrite=True)
                state.unlink(missing_ok=True)
