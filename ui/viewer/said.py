"""What the viewer says in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QCoreApplication

from ..view import CLIP, PREVIEW

if TYPE_CHECKING:
    from ..document import Result
    from ..studio import Studio
    from .shown import Shown


class Badge(NamedTuple):
    """``icon`` and ``kind`` ("clip", "result" or "preview") make what is real and what isn't differ in shape, too."""

    text: str
    kind: str


class Message(NamedTuple):
    problem: str
    remedy: str = ""


def clip_badge() -> Badge:
    return Badge(QCoreApplication.translate("Viewer", "Clip"), "clip")


def new_badge() -> Badge:
    return Badge(QCoreApplication.translate("Viewer", "New: the clip has no such frame"), "new")


def other_badge(studio: Studio, shown: Shown) -> Badge:
    """Of what the one that is seen is compared with."""
    other = studio.result(studio.view.state.against)
    if other is not None:
        return _result_badge(other)
    return clip_badge() if shown.clip_frame() is not None else new_badge()


def badge_of(studio: Studio) -> Badge:
    """What is seen."""
    showing = studio.view.state.showing
    if showing == PREVIEW:
        return Badge(QCoreApplication.translate("Viewer", "PREVIEW: small, not saved"), "preview")
    result = studio.result(showing)
    if showing == CLIP or result is None:
        return clip_badge()
    return _result_badge(result)


def _result_badge(result: Result) -> Badge:
    if result.title:
        text = QCoreApplication.translate("Viewer", "Result: {title}, seed {seed}")
        return Badge(text.format(title=result.title, seed=result.seed), "result")
    return Badge(QCoreApplication.translate("Viewer", "Result: seed {seed}").format(seed=result.seed), "result")


def message_of(studio: Studio, shown: Shown) -> Message | None:
    """What to say over the picture, or in its place; None where the picture says it."""
    preview = studio.previews.state
    if studio.view.state.showing == PREVIEW and (preview.state == "failed" or shown.pictures is None):
        text = preview.text or QCoreApplication.translate("Viewer", "There is no preview yet.")
        return Message(text, preview.remedy)
    if shown.problem is not None:
        return Message(*shown.problem)
    if shown.pictures is not None and not shown.pictures.count:
        return Message(QCoreApplication.translate("Viewer", "Opening…"))
    return None
