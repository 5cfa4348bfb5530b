"""What hosts that are files share."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...engine.errors import ClipError
from ...engine.video import probe
from ..host import Host, HostError, Media, Strip

if TYPE_CHECKING:
    from pathlib import Path


class ProjectHost(Host):
    """An editor's project in a file. Whoever reads it writes it, too."""

    def selection(self) -> tuple[Strip, ...]:
        """A file knows of none."""
        return ()

    def import_media(self, path: Path) -> Media:
        try:
            info = probe(path)
        except ClipError as error:
            raise HostError(error.problem, remedy=error.remedy) from error
        return Media(path=path, rate=info.rate, frames=info.frames)
