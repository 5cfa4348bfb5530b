"""Models learned on the fly for an edit: kept, so that the next edit of the same clip starts at once."""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path
from typing import TYPE_CHECKING

import platformdirs

from ...engine.errors import ModelFileError
from ...engine.files import MODEL_SUFFIX
from ...engine.model import VERSION, load_model

if TYPE_CHECKING:
    from ...engine.clip import Clip
    from ...engine.config import LearnOptions
    from ...engine.model import TextureModel
    from .context import Context

PLACE = "DTSGAN_CACHE"
"""Environment variable with the folder to keep them in; the system's own for such things by default."""

MOST_MODELS = 100
"""Beyond so many, those not used for longest are removed: they have about 2 MB each."""


def model_of(clip: Clip, options: LearnOptions, context: Context) -> TextureModel | None:
    """The model of a clip, learned now unless that was done before; None where learning was stopped, and goes on the
    next time. Raises UserError."""
    from .learn import follow, make_folder, save

    folder = Path(os.environ.get(PLACE) or platformdirs.user_cache_path("dtsgan")) / "models"
    make_folder(folder)
    path = folder / f"{_key(clip, options)}{MODEL_SUFFIX}"
    model = _kept(path)
    if model is not None:
        context.report.say("learned", f"{clip.source.name} was learned before; that is used again.", model=path)
        return model
    from ...engine.learn import learn
    from .learn import state_path

    context.report.say("learning", f"Learning {clip.source.name} once; later edits of it start at once.")
    state = state_path(path)
    model = follow(learn(clip, options, state=state, stop=context.stop.is_set), context, sheet=None)
    if model is None:
        return None
    save(model, path, overwrite=True)
    _make_room(folder)
    return load_model(path)


def _kept(path: Path) -> TextureModel | None:
    """The model that is kept there; what can't be read is as good as none."""
    if not path.exists():
        return None
    try:
        model = load_model(path)
    except ModelFileError:
        return None
    path.touch()
    return model


def _key(clip: Clip, options: LearnOptions) -> str:
    # Something may have been taken out of the frames.
    frames = hashlib.sha256(clip.frames_thwc.tobytes()).hexdigest()
    made = [VERSION, clip.source_sha256, clip.span, clip.frames_thwc.shape, frames, options.as_dict()]
    return hashlib.sha256(json.dumps(made).encode()).hexdigest()[:32]


def _make_room(folder: Path) -> None:
    kept = sorted(folder.glob(f"*{MODEL_SUFFIX}"), key=lambda path: path.stat().st_mtime, reverse=True)
    for old in kept[MOST_MODELS:]:
        old.unlink(missing_ok=True)
