"""What the workers of a cluster are, before anything is ordered: their versions, and what they see."""

from __future__ import annotations

import importlib.metadata
import sys
import time
from typing import TYPE_CHECKING, Any, cast

from ...engine.errors import OptionError
from . import work
from .cluster import everywhere, threads_of
from .orders import About

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from distributed import Client

    from .orders import Desk

SHOWN = 4
TRIES, AGAIN_S = 3, 1.0
"""A worker that can't be reached may just be ending, which is known soon."""

SAME = ("python", "dask", "distributed")
"""Whose versions have to be the same everywhere, or workers and client don't understand each other."""


def survey(client: Client, desk: Desk) -> dict[str, About]:
    """All workers by their addresses. Raises OptionError where their versions or the scheduler's can't work with ours,
    or a worker lacks dtsgan."""
    _check_versions(cast("dict[str, Any]", client.get_versions(check=False)))
    try:  # which reads what is ordered, and hands it on
        client.run_on_scheduler(importlib.metadata.version, "dtsgan")
    except importlib.metadata.PackageNotFoundError as error:
        raise OptionError(
            "dtsgan is not installed where the scheduler runs.",
            remedy=f'Install it there: pip install "dtsgan[farm]=={desk.version}", and start the scheduler anew.',
        ) from error
    found = _about_all(client, desk)
    lacking = [address for address, each in found.items() if not isinstance(each, About)]
    if lacking:
        raise OptionError(
            f"dtsgan can't be used by {_some(lacking)}: {found[lacking[0]]}.",
            remedy=f'Install it there: pip install "dtsgan[farm]=={desk.version}".',
        )
    known = {address: each for address, each in found.items() if isinstance(each, About)}
    other = {name_of(address, known): each.versions["dtsgan"] for address, each in known.items()}
    other = {name: version for name, version in other.items() if version != desk.version}
    if other:
        raise OptionError(
            f"Here is dtsgan {desk.version}, and {_listed(other)}.", remedy="Install the same version everywhere."
        )
    return known


def _about_all(client: Client, desk: Desk) -> dict[str, About | BaseException]:
    """All workers by their addresses: what they are, or why that can't be said. Who goes meanwhile is left out."""
    found = _about(client, desk, None)
    for _ in range(TRIES):
        silent = [address for address, each in found.items() if isinstance(each, OSError)]
        if not silent:
            break
        time.sleep(AGAIN_S)
        there = threads_of(client)
        for address in silent:
            del found[address]
        if still := [address for address in silent if address in there]:
            found |= _about(client, desk, still)
    return found


def _about(client: Client, desk: Desk, workers: list[str] | None) -> dict[str, About | BaseException]:
    # By a function that every worker has: ours would not even arrive where dtsgan is not installed.
    versions = everywhere(client, importlib.metadata.version, "dtsgan", workers=workers)
    with_it = [address for address, found in versions.items() if isinstance(found, str)]
    found = {address: each for address, each in versions.items() if address not in with_it}
    if with_it:
        found |= everywhere(client, work.about, desk.folder, desk.token, workers=with_it)
    return found


def doubts(known: Mapping[str, About]) -> list[str]:
    """What the person should know of workers that can work: other versions of what pictures depend on."""
    here = work.about("", "").versions
    told = []
    for name in work.PICTURES:
        other = {name_of(address, known): about.versions.get(name, "none") for address, about in known.items()}
        other = {where: version for where, version in other.items() if version != here.get(name, "none")}
        if other:
            told.append(
                f"Here is {name} {here.get(name, 'none')}, and {_listed(other)}: where parts of a video meet, pictures "
                "may differ in their last digits."
            )
    return told


def name_of(address: str, known: Mapping[str, About]) -> str:
    """The worker's machine and its address."""
    place = address.rsplit("/", 1)[-1]
    return f"{known[address].host} ({place})" if address in known else place


def _check_versions(found: dict[str, Any]) -> None:
    def versions(of: dict[str, Any]) -> dict[str, str]:
        packages = {"python": ".".join(map(str, sys.version_info[:2]))} | of.get("packages", {})
        told = dict(of.get("host", ()))
        if "python" in told:
            packages["python"] = ".".join(str(told["python"]).split(".")[:2])
        return packages

    here = versions(found["client"])
    others = {"the scheduler": versions(found["scheduler"] or {})}
    others |= {address.rsplit("/", 1)[-1]: versions(each or {}) for address, each in found["workers"].items()}
    for name in SAME:
        other = {where: each.get(name) or "none" for where, each in others.items()}
        other = {where: version for where, version in other.items() if version != here.get(name)}
        if other:
            raise OptionError(
                f"Here is {name} {here.get(name)}, and {_listed(other)}.", remedy="Install the same version everywhere."
            )


def _listed(versions: Mapping[str, str]) -> str:
    shown = [f"{version} at {where}" for where, version in list(versions.items())[:SHOWN]]
    more = len(versions) - len(shown)
    return ", ".join(shown) + (f" and {more} more" if more else "")


def _some(workers: Sequence[str]) -> str:
    shown = [address.rsplit("/", 1)[-1] for address in workers[:SHOWN]]
    more = len(workers) - len(shown)
    return ("worker " if len(workers) == 1 else "workers ") + ", ".join(shown) + (f" and {more} more" if more else "")
