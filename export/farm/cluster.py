"""A Dask cluster: one of this machine's own processes, or a scheduler somewhere, held to what the work needs."""

from __future__ import annotations

import importlib.metadata
import ipaddress
import logging
import sys
import tempfile
import time
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import urlsplit

from distributed import Client, LocalCluster
from distributed.security import Security

from ...engine.errors import OptionError, ResourceError
from . import work
from .orders import About

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

    from .orders import Desk

CONNECT_S = 15
POLL_S = 0.5
SHOWN = 4
SAME = ("python", "dask", "distributed")
"""Whose versions have to be the same everywhere, or workers and client don't understand each other."""


class Unreachable(OptionError):  # noqa: N818  # as the other errors of a person's are named
    """There is no scheduler at an address."""


@dataclass(frozen=True, kw_only=True)
class Tls:
    """Files in PEM format for a ``tls://`` scheduler; what is None comes from Dask's own configuration."""

    ca: Path | None = None
    cert: Path | None = None
    key: Path | None = None


@contextmanager
def local_cluster(workers: int) -> Iterator[Client]:
    """A scheduler and so many workers of one thread, reached by this machine alone, which end with the block."""
    _quiet()
    with (
        tempfile.TemporaryDirectory(prefix="dtsgan-", ignore_cleanup_errors=True) as folder,
        LocalCluster(
            n_workers=workers,
            threads_per_worker=1,
            host="127.0.0.1",
            dashboard_address="127.0.0.1:0",
            local_directory=folder,
            silence_logs=logging.CRITICAL,
        ) as cluster,
        Client(cluster, set_as_default=False) as client,
    ):
        yield client


@contextmanager
def connected(address: str, tls: Tls) -> Iterator[Client]:
    """A client of the scheduler at this address, as tcp://host:8786. Raises Unreachable where there is none,
    OptionError for an address or files that can't be."""
    _quiet()
    remedy = "Check the address and that it runs: dask scheduler."
    if urlsplit(address).scheme not in ("tcp", "tls", "ws", "wss", "ucx"):
        raise OptionError(f"{address} is no scheduler's address such as tcp://host:8786.", remedy=remedy)
    try:
        client = _Client(address, timeout=CONNECT_S, security=_security(address, tls), set_as_default=False)
    except (OSError, ValueError, TypeError) as error:
        if address.startswith("tls:"):
            remedy += " Its certificate has to be signed by what --tls-ca names, and so has yours."
        raise Unreachable(f"No scheduler can be reached at {address}: {_reason(error)}.", remedy=remedy) from error
    try:
        yield client
    finally:
        client.close(timeout=CONNECT_S)


class _Client(Client):
    """Closed where it was opened: one that never reached its scheduler would try to for half a minute as it goes."""

    def __del__(self) -> None:
        pass


def _reason(error: BaseException) -> str:
    """Without the library's own objects, which stand before it."""
    return str(error.__cause__ or error).rsplit(">: ", 1)[-1].rstrip(".") or type(error).__name__


def _security(address: str, tls: Tls) -> Security | None:
    given = {"tls_ca_file": tls.ca, "tls_client_cert": tls.cert, "tls_client_key": tls.key}
    files = {name: str(path) for name, path in given.items() if path is not None}
    if files and not address.startswith(("tls:", "wss:")):
        raise OptionError(f"{address} is not reached by TLS.", remedy="Give tls://…, or leave out --tls-….")
    for path in (path for path in given.values() if path is not None):
        if not path.is_file():
            raise OptionError(f"There is no file {path}.", remedy="Check --tls-ca, --tls-cert and --tls-key.")
    return Security(**files) if files else None


def _quiet() -> None:
    """What the cluster's library logs is for its makers: a person is told what matters by us."""
    logging.getLogger("distributed").setLevel(logging.CRITICAL)


def address_of(client: Client) -> str:
    """The scheduler's, as it tells it itself."""
    return client.scheduler_info(n_workers=0)["address"]


def threads_of(client: Client) -> dict[str, int]:
    """How many tasks each worker does at once, by their addresses."""
    return cast("dict[str, int]", client.nthreads())


def everywhere(
    client: Client, what: Callable[..., Any], *words: str, workers: list[str] | None = None
) -> dict[str, Any]:
    """What a function gives at every worker, or at these, by their addresses; where it raised, what it raised."""
    return cast("dict[str, Any]", client.run(what, *words, workers=workers, on_error="return"))


def open_to_all(client: Client) -> str | None:
    """Words of warning where anybody in the network could give this scheduler work; None where not."""
    address = address_of(client)
    parts = urlsplit(address)
    if parts.scheme in ("tls", "wss", "inproc"):
        return None
    try:
        alone = ipaddress.ip_address(parts.hostname or "").is_loopback
    except ValueError:
        alone = parts.hostname == "localhost"
    if alone:
        return None
    return (
        f"The scheduler {address} is open to its network without TLS: whoever reaches it can run programs on its "
        "workers and on this computer. Use it in a network that you trust, or with TLS (tls://)."
    )


def wait_for_workers(client: Client, *, most_s: float, stop: Callable[[], bool], told: Callable[[str], None]) -> bool:
    """Whether there is a worker; False where ``stop`` came true. Raises ResourceError after ``most_s``."""
    until = time.monotonic() + most_s
    waited = False
    while not threads_of(client):
        if stop():
            return False
        if time.monotonic() > until:
            raise ResourceError(
                f"The scheduler {address_of(client)} has no workers.",
                remedy=f"Start some: dask worker {address_of(client)} --nthreads 1.",
            )
        if not waited:
            told("Waiting for workers.")
        waited = True
        time.sleep(POLL_S)
    return True


def survey(client: Client, desk: Desk) -> dict[str, About]:
    """All workers by their addresses. Raises OptionError where their versions or the scheduler's can't work with ours,
    or a worker lacks dtsgan."""
    _check_versions(cast("dict[str, Any]", client.get_versions(check=False)))
    found = about_all(client, desk)
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


def about_all(client: Client, desk: Desk) -> dict[str, About | BaseException]:
    """All workers by their addresses: what they are, or why that can't be said."""
    # By a function that every worker has: ours would not even arrive where dtsgan is not installed.
    versions = everywhere(client, importlib.metadata.version, "dtsgan")
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
