"""The window's way to an editor."""

from __future__ import annotations

import queue
from typing import TYPE_CHECKING

import pytest
from support.bridges import Served
from support.contract import FRAMES

from dtsgan.plugin.bridge.records import strip_json
from dtsgan.plugin.bridge.window import WindowLink
from dtsgan.plugin.host import HostError
from dtsgan.ui.editing import Placement, Strip

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    for name in FRAMES:
        (tmp_path / name).touch()
    with Served(tmp_path) as served:
        yield served


def send(served: Served, number: int = 0, **more: object) -> None:
    strip = served.host.strips()[number]
    with served.paused:
        message = {"event": "open", "strip": strip_json(strip), "page": "extend", "meta": {}}
        assert served.server.send("window", message | more)


def test_strips_come_and_results_go(served: Served, tmp_path: Path) -> None:
    """A strip that was sent before anybody listened, too; a result is put there as one step."""
    link, heard, gone = WindowLink(served.path), queue.Queue(), queue.Queue()
    assert link.title == "Fake"
    send(served)
    link.listen(lambda *told: heard.put(told), lambda: gone.put(1))
    strip, page = heard.get(timeout=10)
    assert strip == Strip(id="s1", name="base", path=str(tmp_path / "base.mkv"), first=5, stop=25)
    assert page == "extend"
    send(served, 1)
    assert heard.get(timeout=10)[0].first == 0
    path = str(tmp_path / "new.mkv")
    link.place(strip, "Extended clip", [Placement(kind="insert_after", path=path, first=0, stop=6, meta={"a": 1})])
    assert [title for title, _ in served.host.history] == ["dtsgan: Extended clip"]
    made = next(each for each in served.host.strips() if each.media.path.name == "new.mkv")
    assert (made.place, served.host.get_meta(made)) == ((20, 26), {"a": 1})
    with pytest.raises(HostError):
        link.place(strip, "x", [Placement(kind="replace", path="/none.mkv", first=0, stop=6, meta={})])
    link.close()
    assert gone.empty()


def test_a_result_is_shown_as_what_it_was_made_from(served: Served, tmp_path: Path) -> None:
    """If that is still there, and what is said of it makes sense."""
    link, heard = WindowLink(served.path), queue.Queue()
    link.listen(lambda *told: heard.put(told[0]), lambda: None)
    of = {"file": str(tmp_path / "new.mkv"), "frames": [3, 9]}
    send(served, meta={"edit": "extend", "of": of})
    strip = heard.get(timeout=10)
    assert (strip.path, strip.first, strip.stop, strip.made["edit"]) == (of["file"], 3, 9, "extend")
    for wrong in (
        {},
        {"of": 5},
        {"of": of | {"frames": [3]}},
        {"of": of | {"frames": ["a", 9]}},
        {"of": of | {"file": "/none"}},
    ):
        send(served, meta=wrong)
        strip = heard.get(timeout=10)
        assert (strip.path, strip.first, strip.made.get("edit")) == (str(tmp_path / "base.mkv"), 5, None)
    link.close()


def test_an_editor_that_goes_is_noticed(tmp_path: Path) -> None:
    served = Served(tmp_path)
    link, gone = WindowLink(served.path), queue.Queue()
    link.listen(lambda *_: None, lambda: gone.put(1))
    served.close()
    assert gone.get(timeout=10)
    link.close()


def test_without_an_editor_no_window_is_opened(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from dtsgan.plugin.cli import main

    assert main(["app", "--editor", str(tmp_path / "none.dtsgan-session")]) == 2
    assert "isn't there any more" in capsys.readouterr().err
