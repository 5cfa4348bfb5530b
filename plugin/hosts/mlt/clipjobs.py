"""Kdenlive's clip jobs: entries in the menu of a clip in the bin, which run our command line (24.12 and newer).

Kdenlive splits the arguments at spaces before it puts files in, reads progress as ``percentage: N``, and takes the
output into the bin. Two parameters at most can be asked for, by lists whose values two spaces part.
"""

from __future__ import annotations

import os
import re
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from ...installing import Lines

if TYPE_CHECKING:
    from ...installing import Part, System

LOOKED_FOR = "the folder of data that Kdenlive makes when it is first started"
NEXT = (
    "In Kdenlive (24.12 or newer): right-click a clip in the project bin, and choose Clip Jobs. "
    "These entries follow its sources and have not been run in it yet; please say how it goes."
)
SEEDS = "  ".join(map(str, range(10)))
LENGTHS = "2s  4s  8s  15s  30s  60s  120s"

JOBS = {
    "dtsgan-extend": {
        "Ids": "dtsgan: Extend",
        "Parameters": "extend {source} -o {output} --percentage --no-audio --add {param1} --seed {param2}",
        "Description": "A longer copy of the clip: new frames go on from its last one.",
        "Param1Type": "list",
        "Param1Name": "How much longer",
        "Param1List": LENGTHS,
        "Param2Type": "list",
        "Param2Name": "Variant",
        "Param2List": SEEDS,
    },
    "dtsgan-loop": {
        "Ids": "dtsgan: Make Loop",
        "Parameters": "loop {source} -o {output} --percentage --no-audio --seed {param1}",
        "Description": "A copy of the clip that is an exact loop: new frames lead from its end back to its start.",
        "Param1Type": "list",
        "Param1Name": "Variant",
        "Param1List": SEEDS,
    },
    "dtsgan-texture": {
        "Ids": "dtsgan: New Video of this Texture",
        "Parameters": "generate {source} -o {output} --percentage --seed {param1}",
        "Description": "Another video of the same texture, as long as the clip.",
        "Param1Type": "list",
        "Param1Name": "Variant",
        "Param1List": SEEDS,
    },
}
SHARED = {"FolderUse": "subfolder", "FolderName": "dtsgan", "Output": "mov", "EnabledTypes": "v"}


def places(system: System) -> list[Path]:
    if system.name == "win32":
        folders = [system.roaming() / "kdenlive"]
    elif system.name == "darwin":
        folders = [system.home / "Library/Application Support/kdenlive"]
    else:
        folders = [system.data() / "kdenlive", system.home / ".var/app/org.kde.kdenlive/data/kdenlive"]
    return [folder for folder in folders if folder.is_dir()]


def parts(place: Path) -> list[Part]:
    return [Lines(path=place / "clipjobsettings.rc", put=put, take=take)]


def put(text: str) -> str:
    """Kdenlive's settings of jobs with ours; groups that are there get our lines at their end."""
    for job, own in JOBS.items():
        for group, value in {**own, **SHARED, "Binary": str(program())}.items():
            text = _with(text, group, f"{job}={value}")
    return text


def take(text: str) -> str:
    """Without ours, and without groups that were there for them alone."""
    ours = re.compile(rf"^(?:{'|'.join(JOBS)})=.*\n?", re.MULTILINE)
    parts = re.split(r"(?m)^(?=\[)", text)
    kept = []
    for part in parts:
        rest = ours.sub("", part)
        if rest == part or rest.partition("\n")[2].strip() or not part.startswith("["):
            kept.append(rest)
    return "".join(kept)


def program() -> Path:
    """The command of the environment that we are in; Kdenlive wants one file."""
    name = "dtsgan.exe" if os.name == "nt" else "dtsgan"
    beside = Path(sys.executable).with_name(name)
    found = None if beside.exists() else shutil.which("dtsgan")
    return Path(found) if found else beside


def _with(text: str, group: str, line: str) -> str:
    """A line at the end of a group, which is made if it isn't there."""
    match = re.search(rf"(?m)^\[{re.escape(group)}\][^\n]*(?:\n(?!\[)[^\n]*)*", text)
    if match is None:
        return f"{text}{'' if not text or text.endswith(chr(10)) else chr(10)}[{group}]\n{line}\n"
    end = match.start() + len(match[0].rstrip("\n"))
    return f"{text[:end]}\n{line}{text[end:] or chr(10)}"
