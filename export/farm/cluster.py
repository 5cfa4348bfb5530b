"""A Dask cluster: one of this machine's own processes, or a scheduler somewhere, held to what the work needs."""

from __future__ import annotations

import ipaddress
import logging
import queue
import tempfile
import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import urlsplit

from distributed import Client, LocalCluster
from distributed.security import Security

from ...engine.errors import OptionError, ResourceError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path


CONNECT_S = 15
ANSWER_S = 60
POLL_S = 0.5


class Unreachable(OptionError):  # noqa: N818  # as the other errors of a person's are named
    """There is no scheduler at an address."""


class Disconnected(Exception):  # noqa: N818  # not an error: one connects again
    """A client's scheduler is gone."""


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
    """What a function gives at every worker, or at these, by their addresses; where it raised, what it raised. Raises
    ResourceError where one doesn't answer."""
    answers: queue.Queue[Any] = queue.Queue()

    def ask() -> None:
        try:
            answers.put(client.run(what, *words, workers=workers, on_error="return"))
        except Exception as error:  # it is raised where it was asked
            answers.put(error)

    threading.Thread(target=ask, daemon=True).start()  # the library would wait for a hung one as long as it hangs
    try:
        found = answers.get(timeout=ANSWER_S)
    except queue.Empty:
        raise ResourceError(
            f"Not all workers of {address_of(client)} answer.",
            remedy="One may be cut off, or hang: after five minutes the scheduler gives it up. Try again then.",
        ) from None
    if isinstance(found, Exception):
        raise found
    return cast("dict[str, Any]", found)


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
