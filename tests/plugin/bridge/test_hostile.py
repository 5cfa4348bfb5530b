"""Peers that don't speak as they should: their connection is closed, and nothing else happens."""

from __future__ import annotations

import json
import resource
import socket
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import pytest
from support.bridges import Served
from support.contract import BEFORE, FRAMES, places

from dtsgan.plugin.bridge.client import Connection, RemoteEditor
from dtsgan.plugin.bridge.server import HALF_S, HELLO_S, MOST_CLIENTS
from dtsgan.plugin.bridge.session import Session
from dtsgan.plugin.bridge.wire import MOST_BYTES, VERSION, Lines, ProtocolError, encoded
from dtsgan.plugin.host import HostError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def served(tmp_path: Path, clock: Clock) -> Iterator[Served]:
    for name in FRAMES:
        (tmp_path / name).touch()
    with Served(tmp_path, clock=clock) as served:
        yield served
        # Whatever was sent, the timeline is as it was, and others are served.
        assert places(served.host) == BEFORE
        editor = RemoteEditor(served.path, "edit", told=lambda _: None)
        assert editor.strips() == served.host.strips()
        editor.close()


def connected(served: Served, *, greeted: bool = True) -> socket.socket:
    """A bare connection, which has shown the token if it is ``greeted``."""
    session = Session.read(served.path)
    peer = socket.create_connection(("127.0.0.1", session.port), timeout=20)
    if greeted:
        peer.sendall(encoded({"dtsgan": VERSION, "token": session.token, "role": "edit"}))
        assert json.loads(peer.recv(4096)) == {"dtsgan": VERSION, "editor": "Fake"}
    return peer


def is_closed(peer: socket.socket) -> bool:
    """Without a word, or after what was still to be said."""
    try:
        while peer.recv(1 << 16):
            pass
    except ConnectionResetError:
        pass
    peer.close()
    return True


def call(name: str, **arguments: Any) -> bytes:
    return encoded({"id": 1, "call": name, "args": arguments})


STEP = {"kind": "insert_after", "file": "/new.mkv", "source": [0, 5], "meta": {}}
CHANGE = {"title": "x", "strip": "s1", "steps": [STEP]}


@pytest.mark.parametrize(
    "data",
    [
        b"\x00\xff\xfe garbage\n",
        b"GET / HTTP/1.1\r\nHost: x\r\n\r\n",
        b"\n",
        b"[]\n",
        b"[" * 100_000 + b"\n",
        b'{"a":' * 50_000 + b"\n",
        b'{"call": "strips"}\n',
        b'{"id": "1", "call": "strips"}\n',
        b'{"id": true, "call": "strips"}\n',
        b'{"id": 1, "call": 5}\n',
        b'{"id": 1, "call": "strips", "args": []}\n',
        call("os.system", command="touch x"),
        call("__init__"),
        call("meta"),
        call("meta", strip=5),
        call("apply"),
        call("apply", change=[]),
        call("apply", change=CHANGE | {"more": 1}),
        call("apply", change=CHANGE | {"steps": []}),
        call("apply", change=CHANGE | {"steps": [STEP] * 201}),
        call("apply", change=CHANGE | {"steps": [STEP | {"kind": "delete"}]}),
        call("apply", change=CHANGE | {"steps": [STEP | {"file": "relative.mkv"}]}),
        call("apply", change=CHANGE | {"steps": [STEP | {"file": "/a\0b"}]}),
        call("apply", change=CHANGE | {"steps": [STEP | {"source": [0]}]}),
        call("apply", change=CHANGE | {"steps": [STEP | {"source": [0.5, 5]}]}),
        call("apply", change=CHANGE | {"steps": [STEP | {"source": [0, 1 << 80]}]}),
        call("apply", change=CHANGE | {"steps": [STEP | {"meta": []}]}),
    ],
    ids=range(27),
)
def test_what_is_no_call_closes_the_connection(data: bytes, served: Served) -> None:
    peer = connected(served)
    peer.sendall(data)
    assert is_closed(peer)


@pytest.mark.parametrize(
    "hello",
    [
        {"dtsgan": VERSION, "token": "wrong", "role": "edit"},
        {"dtsgan": VERSION, "token": "", "role": "edit"},
        {"dtsgan": VERSION, "token": None, "role": "edit"},
        {"dtsgan": VERSION, "token": "é", "role": "edit"},
        {"dtsgan": VERSION, "role": "edit"},
        {"id": 1, "call": "strips"},
        {},
    ],
    ids=range(7),
)
def test_without_the_token_nothing_is_said(hello: dict, served: Served) -> None:
    """The connection is closed without a word, also where calls follow at once."""
    peer = connected(served, greeted=False)
    peer.sendall(encoded(hello) + call("strips"))
    with suppress(ConnectionResetError):
        assert peer.recv(4096) == b""
    peer.close()


@pytest.mark.parametrize("change", [{"dtsgan": VERSION + 1}, {"dtsgan": None}, {"role": "root"}])
def test_another_version_is_said_and_closed(change: dict, served: Served) -> None:
    session = Session.read(served.path)
    peer = connected(served, greeted=False)
    peer.sendall(encoded({"dtsgan": VERSION, "token": session.token, "role": "edit"} | change))
    assert json.loads(peer.recv(4096)) == {"dtsgan": VERSION, "error": "other version"}
    assert is_closed(peer)


def test_an_app_of_another_version_is_told_what_to_do(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr("dtsgan.plugin.bridge.client.VERSION", VERSION + 1)
        with pytest.raises(HostError, match="another version") as caught:
            Connection(Session.read(served.path), "edit", told=lambda _: None)
    assert "plugin install" in caught.value.remedy


def test_an_app_with_a_wrong_token_is_told_what_to_do(served: Served) -> None:
    session = Session(port=Session.read(served.path).port, token="wrong")
    with pytest.raises(HostError, match="doesn't answer"):
        Connection(session, "edit", told=lambda _: None)


@pytest.mark.parametrize("greeted", [False, True])
def test_a_line_of_a_gigabyte_is_not_kept(greeted: bool, served: Served) -> None:
    """The connection is closed long before, and memory stays as it was."""
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    peer, sent = connected(served, greeted=greeted), 0
    try:
        for _ in range(1024):
            peer.sendall(b"a" * (1 << 20))
            sent += 1
    except OSError:
        pass
    assert sent < 64  # a few are on their way when it is closed
    peer.close()
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 64 << 10


def test_half_a_message_is_not_waited_for(served: Served, clock: Clock) -> None:
    """Once it has begun the rest has to come; a connection that is silent between messages stays."""
    silent, half = connected(served), connected(served)
    half.sendall(b'{"id": 1, "call": "str')
    _settle(served)
    clock.now += HALF_S + 1
    assert is_closed(half)
    silent.sendall(call("selection"))
    assert json.loads(silent.recv(4096)) == {"id": 1, "result": []}
    silent.close()


def test_a_connection_that_says_nothing_is_closed(served: Served, clock: Clock) -> None:
    """One that has not shown the token within seconds."""
    peer = connected(served, greeted=False)
    _settle(served)
    clock.now += HELLO_S + 1
    assert is_closed(peer)


def test_connections_are_bounded(served: Served, clock: Clock) -> None:
    """More than so many wait outside; when the silent ones are closed, others come in."""
    session = Session.read(served.path)
    crowd = [socket.create_connection(("127.0.0.1", session.port), timeout=20) for _ in range(MOST_CLIENTS)]
    _settle(served)
    assert len(served.server._clients) == MOST_CLIENTS
    clock.now += HELLO_S + 1
    for peer in crowd:
        assert is_closed(peer)


def test_what_is_not_read_is_not_piled_up(served: Served) -> None:
    """An app that asks and asks, and never reads the answers, is closed before they take much memory."""
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    served.host.selected = [strip.id for strip in served.host.strips()] * 500
    peer = connected(served)
    peer.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 12)
    for _ in range(2000):
        with suppress(OSError):
            peer.sendall(call("selection"))
        # Every call is answered before the next is sent: how fast either end is makes no difference.
        with served.paused:
            served.server.poll()
        if not served.server._clients:
            break
    assert not served.server._clients
    assert is_closed(peer)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 64 << 10


def test_messages_arrive_whole_however_they_are_cut() -> None:
    """Byte by byte, several at once, with characters of several bytes."""
    messages = [{"a": "火" * n, "n": n} for n in range(5)]
    data = b"".join(map(encoded, messages))
    for size in (1, 2, 3, 7, 100, len(data)):
        lines = Lines()
        parts = [data[start : start + size] for start in range(0, len(data), size)]
        assert [message for part in parts for message in lines.feed(part)] == messages
        assert not lines.waiting


def test_a_message_that_is_too_long_is_not_sent() -> None:
    with pytest.raises(ProtocolError):
        encoded({"a": "a" * MOST_BYTES})


def _settle(served: Served) -> None:
    """Everything that has come, which on one machine is all that was sent, was looked at."""
    for _ in range(50):
        with served.paused:
            served.server.poll()
