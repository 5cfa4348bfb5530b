"""A timeline that is opened, one of its strips, and where all goes that is made."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ....engine.clip import TimeCode, parse_moment
from ....engine.errors import OptionError, OutputError
from ....engine.files import check_target
from ...manifest import hosts, load

if TYPE_CHECKING:
    from ...host import Editor, Strip

MOST_LISTED = 8


@dataclass(frozen=True, kw_only=True)
class Project:
    """A host that is a file: ``path``, which ``module`` reads and writes."""

    host: Editor
    path: Path
    module: Any

    @classmethod
    def open(cls, path: Path, *, sequence: str | None = None) -> Project:
        """Raises OptionError for a file of an unknown kind or a part of ours that isn't installed, HostError."""
        known = {suffix: entry for entry in hosts() for suffix in entry.files}
        entry = known.get(path.suffix.lower())
        if entry is None or entry.module is None:
            raise OptionError(f"{path.name} is no timeline that can be read.", remedy=f"Give a {_listed(known)} file.")
        if not path.is_file():
            raise OptionError(f"There is no {path}.", remedy="Check the path.")
        try:
            module = load(entry.module)
        except ImportError as error:
            raise OptionError(
                f"Timelines of {entry.name} need {error.name}, which isn't installed.",
                remedy='Install it: pip install "dtsgan[timeline]".',
            ) from error
        return cls(host=module.read(path, sequence=sequence), path=path, module=module)

    def check_output(self, output: Path | None, *, overwrite: bool) -> None:
        """Refuse, before any work, what can't be written. Raises OutputError, OptionError."""
        if output is None:
            raise OptionError(
                "Where is the new timeline to go?", remedy=f"Say -o NEW{self.path.suffix}; {self.path.name} stays."
            )
        if output.suffix.lower() != self.path.suffix.lower():
            raise OutputError(
                f"{output.name} is of another kind than {self.path.name}.",
                remedy=f"Choose a name that ends in {self.path.suffix}.",
            )
        check_target(output, overwrite=overwrite)

    def write(self, output: Path, *, paths: str) -> Path | None:
        """Write the timeline as it is now. What is replaced stays under another name, which is returned."""
        kept = _keep(output) if output.exists() else None
        self.module.write(self.host, output, paths=paths)
        return kept


def choose_strip(host: Editor, asked: str) -> Strip:
    """The strip that ``--clip`` means: by its name, its file's, or a moment at which it is seen.

    Raises OptionError where there is none, or where the name has several, naming those there are.
    """
    strips = host.strips()
    for name_of in (_id, _name, _file, _stem):
        found = [strip for strip in strips if name_of(strip) == asked]
        if len(found) == 1:
            return found[0]
        if found:
            times = ", ".join(time_code(host, strip.place.start) for strip in found[:MOST_LISTED])
            raise OptionError(f"{len(found)} strips are called {asked}: at {times}.", remedy="Give a time as --clip.")
    try:
        moment = parse_moment(asked)
    except OptionError:
        names = dict.fromkeys(strip.name for strip in strips)
        raise OptionError(
            f"{host.title} has no strip {asked}.",
            remedy=f"Choose --clip of {_listed(names)}, or a time such as 00:00:05:00." if names else "",
        ) from None
    seen = [strip for strip in strips if strip.place.start <= _frame(host, moment) < strip.place.stop]
    if not seen:
        raise OptionError(f"Nothing that can be worked on is at {asked} in {host.title}.", remedy="See timeline show.")
    # What the person sees there: the highest that isn't muted.
    return max(seen, key=lambda strip: (not strip.muted, strip.track))


def _frame(host: Editor, moment: int | Fraction | TimeCode) -> int:
    """A moment as a frame of the timeline; clocks show hours before it begins."""
    if isinstance(moment, TimeCode):
        shown = moment.frame(host.rate)
        return shown - host.first if shown >= host.first else shown
    return moment if isinstance(moment, int) else int(moment * host.rate)


def time_code(host: Editor, frame: int) -> str:
    """What the timeline's clock shows at a frame, without drop-frame counting."""
    base = round(host.rate)
    seconds, frames = divmod(frame + host.first, base)
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}:{frames:02}"


def free(folder: Path, name: str, suffix: str) -> Path:
    """A name in the folder that nothing has yet."""
    number, path = 1, folder / f"{name}{suffix}"
    while path.exists():
        number += 1
        path = folder / f"{name}-{number}{suffix}"
    return path


def fraction(value: Fraction) -> str:
    return f"{value.numerator}/{value.denominator}"


def _keep(path: Path) -> Path:
    """Copy a project to a name beside it that nothing has."""
    kept = free(path.parent, f"{path.stem}.before-dtsgan", path.suffix)
    try:
        kept.write_bytes(path.read_bytes())
    except OSError as error:
        raise OutputError(
            f"{path} can't be kept as {kept.name}: {error.strerror}.", remedy="Choose another -o."
        ) from error
    return kept


def _id(strip: Strip) -> str:
    return strip.id


def _name(strip: Strip) -> str:
    return strip.name


def _file(strip: Strip) -> str:
    return strip.media.path.name


def _stem(strip: Strip) -> str:
    return strip.media.path.stem


def _listed(names: Any) -> str:
    first = list(names)[:MOST_LISTED]
    return ", ".join(first) + (" and others" if len(names) > MOST_LISTED else "")
