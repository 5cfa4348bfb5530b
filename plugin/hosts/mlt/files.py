"""Projects on disk."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ....engine.files import replacing
from ...host import HostError
from .. import markup
from .adapter import MltHost
from .document import Document
from .sources import root_of

if TYPE_CHECKING:
    from pathlib import Path


def read(path: Path, *, sequence: str | None = None) -> MltHost:
    """A project, or the timeline of this name in it. Raises HostError."""
    document = Document(markup.read_bytes(path), path.name)
    return MltHost(document, folder=path.parent.absolute(), sequence=sequence)


def write(host: MltHost, path: Path, *, paths: str = "keep") -> None:
    """The project as it is now, whole or not at all. Raises HostError for other ``paths`` than "keep", OutputError."""
    if paths != "keep":
        raise HostError("Projects of MLT name their files from one folder.", remedy="Leave out --paths.")
    document, root = host.document, root_of(host.document, host.folder)
    if path.parent.absolute() != root and document.root.attributes.get("root", "") != str(root):
        # Relative names are from where the project lies, unless it says from where.
        document = document.spliced([document.set_attribute(document.root, "root", str(root))])
    with replacing(path) as temporary:
        temporary.write_bytes(document.data)
