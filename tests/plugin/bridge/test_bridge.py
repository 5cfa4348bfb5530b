"""An editor that is served to apps, and apps that work with it."""

from __future__ import annotations

import os
import queue
import threading
from typing import TYPE_CHECKING, Any

import pytest
from support.bridges import Served
from support.contract import BEFORE, FRAMES, places

from dtsgan.plugin.bridge.client import RemoteEditor
from dtsgan.plugin.bridge.places import sessions_folder
from dtsgan.plugin.bridge.server import Server
from dtsgan.plugin.bridge.session import Session
from dtsgan.plugin.host import Change, HostError, Range, Step
from dtsgan.plugin.manifest import manifest

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """With the files of the contract, of which the fake host looks only at the names."""
    for name in FRAMES:
        (tmp_path / name).touch()
    return tmp_path


@pytest.fixture
def served(folder: Path) -> Iterator[Served]:
    with Served(folder) as served:
        yield served


def remote(served: Served, **options: Any) -> RemoteEditor:
    return RemoteEditor(served.path, "edit", told=lambda _: None, **options)


def extension(strip: str, folder: Path) -> Change:
    step = Step(kind="insert_after", media=folder / "new.mkv", source=Range(4, 10), meta={"a": [1, None, "火"]})
    return Change(title="Extend", strip=strip, steps=(step,))


def test_an_editor_is_the_same_from_afar(served: Served, folder: Path) -> None:
    """All that is asked gives what the editor itself gives; a change is made there, as one step."""
    editor = remote(served)
    host = served.host
    assert (editor.title, editor.rate, editor.first, editor.suffix) == (host.title, host.rate, host.first, host.suffix)
    assert editor.capabilities() == host.capabilities()
    assert editor.folder == host.folder
    assert editor.strips() == host.strips()
    host.selected = [host.strips()[1].id]
    assert editor.selection() == host.selection()
    (made,) = editor.apply(extension(host.strips()[0].id, folder))
    assert made in host.strips()
    assert editor.get_meta(made) == {"a": [1, None, "火"]}
    assert [title for title, _ in host.history] == ["Extend"]
    editor.progress("working", 0.25)
    editor.say("failed", problem="No.", remedy="")
    assert served.told == [
        ("progress", {"text": "working", "done": 0.25}), ("failed", {"problem": "No.", "remedy": ""})
    ]  # fmt: skip
    editor.close()


def test_what_an_editor_refuses_is_said_as_it_says_it(served: Served, folder: Path) -> None:
    editor = remote(served)
    with pytest.raises(HostError, match="no strip none on its timeline"):
        editor.apply(extension("none", folder))
    (folder / "new.mkv").unlink()
    with pytest.raises(HostError, match="There is no video"):
        editor.apply(extension(served.host.strips()[0].id, folder))
    assert places(served.host) == BEFORE
    editor.close()


def test_a_fault_in_an_editor_is_said_and_not_fatal(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    editor = remote(served)

    def broken() -> None:
        raise ZeroDivisionError("by zero")

    with monkeypatch.context() as patch:
        patch.setattr(served.host, "strips", broken)
        with pytest.raises(HostError, match="ZeroDivisionError: by zero"):
            editor.strips()
    assert editor.strips() == served.host.strips()
    editor.close()


def test_an_editor_speaks_first(served: Served) -> None:
    """To the windows that are connected, or to the work; whether there was one is known."""
    heard: dict[str, queue.Queue] = {"window": queue.Queue(), "edit": queue.Queue()}
    editors = [RemoteEditor(served.path, role, told=heard[role].put) for role in ("window", "edit")]
    assert served.server.roles() == {"window", "edit"}
    with served.paused:
        assert served.server.send("window", {"event": "open", "page": "extend"})
    assert heard["window"].get(timeout=10) == {"event": "open", "page": "extend"}
    with served.paused:
        assert served.server.send("edit", {"event": "stop"})
    assert heard["edit"].get(timeout=10) == {"event": "stop"}
    assert heard["window"].empty()
    for editor in editors:
        editor.close()
    editors[0] = remote(served)  # once it is served, those that left are known to have
    editors[0].strips()
    with served.paused:
        assert not served.server.send("window", {"event": "open"})
    editors[0].close()


def test_an_app_goes_on_with_an_editor_that_comes_back(folder: Path) -> None:
    """Another process with another port and token serves the same session: the change that was made ready meanwhile is
    made there."""
    gone = threading.Event()
    first = Served(folder)
    editor = RemoteEditor(first.path, "edit", told=lambda message: gone.set() if message["event"] == "gone" else None)
    strip = editor.strips()[0].id
    first.close()
    assert gone.wait(10)
    assert not first.path.exists()
    with Served(folder) as second:
        editor.apply(extension(strip, folder))
        assert len(second.host.strips()) == 5
        editor.close()


def test_an_editor_that_comes_later_is_waited_for(folder: Path) -> None:
    """While nobody listens the app asks again."""
    first = Served(folder)
    editor = remote(first)
    first.close()
    found: list = []
    asking = threading.Thread(target=lambda: found.append(editor.strips()))
    asking.start()
    with Served(folder) as second:
        asking.join(20)
        assert found == [second.host.strips()]
        editor.close()


def test_an_editor_that_stays_away_is_said(folder: Path) -> None:
    first = Served(folder)
    editor = remote(first, again_s=0.0)
    first.close()
    editor.progress("working", 0.5)  # what is only shown is not missed
    with pytest.raises(HostError, match="isn't there any more"):
        editor.strips()


def test_an_editor_serves_on_when_an_app_dies(served: Served) -> None:
    """In the middle of a message, too."""
    for _ in range(20):
        editor = remote(served)
        editor._connection._socket.sendall(b'{"id": 1, "ca')
        editor.close()
    editor = remote(served)
    assert editor.strips() == served.host.strips()
    editor.close()


def test_a_change_whose_answer_is_lost_is_not_made_twice(served: Served, folder: Path) -> None:
    """The editor goes after it made the change and before it could say so."""
    editor = remote(served, again_s=0.0)
    strip = editor.strips()[0].id
    apply = served.host.apply

    def made_and_gone(change: Change):
        made = apply(change)
        for client in served.server._clients:
            client._connection.close()
        return made

    served.host.apply = made_and_gone
    with pytest.raises(HostError, match="went while its timeline was being changed"):
        editor.apply(extension(strip, folder))
    assert len(served.host.strips()) == 5


def test_a_session_is_for_one_person_alone(served: Served, tmp_path: Path) -> None:
    """The file can be read by its owner, and one that others can read is not believed."""
    session = Session.read(served.path)
    assert len(session.token) > 40
    if os.name != "nt":
        assert served.path.stat().st_mode & 0o777 == 0o600
        other = tmp_path / "other.dtsgan-session"
        session.write(other)
        other.chmod(0o640)
        with pytest.raises(HostError, match="can be read by others"):
            Session.read(other)


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "5", '{"port": 5}', '{"port": "5", "token": "a"}', '{"port": 70000, "token": "a"}',
             '{"port": true, "token": "a"}', '{"port": 5, "token": ""}', "[" * 4000]
)  # fmt: skip
def test_what_is_no_session_is_said(text: str, tmp_path: Path) -> None:
    path = tmp_path / "x.dtsgan-session"
    path.write_text(text)
    path.chmod(0o600)
    with pytest.raises(HostError, match="no session of an editor"):
        Session.read(path)


def test_a_session_goes_with_its_editor_and_not_with_another(folder: Path) -> None:
    """One that another editor has made its own by now stays."""
    first, second = Served(folder), Served(folder)
    assert Session.read(second.path).port == second.server._socket.getsockname()[1]
    first.close()
    assert second.path.exists()
    second.close()
    assert not second.path.exists()


def test_where_sessions_are_is_known_and_can_be_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("DTSGAN_SESSIONS", str(tmp_path / "here"))
    assert sessions_folder() == tmp_path / "here"
    monkeypatch.delenv("DTSGAN_SESSIONS")
    assert sessions_folder().is_absolute()


def test_a_session_that_cannot_be_written_leaves_nothing(tmp_path: Path) -> None:
    """No port stays open for it."""
    (tmp_path / "file").touch()
    with pytest.raises(OSError, match="file"):
        Server(Served.__new__(Served), tmp_path / "file/x.dtsgan-session", told=lambda *_: None)  # type: ignore[arg-type]


def test_the_messages_have_the_version_of_the_manifest() -> None:
    from dtsgan.plugin.bridge.wire import VERSION

    assert manifest()["api_version"] == VERSION
