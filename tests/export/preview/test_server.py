from __future__ import annotations

import errno
import json
import queue
import threading
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from PIL import Image
from support.videos import write_video

from dtsgan.export.preview import server
from dtsgan.export.preview.server import serve

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

SIZE_HW = (64, 96)
WAIT_S = 60


class Served:
    """A process's inside, on a thread: what is sent to it, and what it says."""

    def __init__(self, folder: Path) -> None:
        self.lines: queue.Queue[bytes | None] = queue.Queue()
        self.said: queue.Queue[dict[str, Any]] = queue.Queue()
        self._thread = threading.Thread(target=self._run, args=(folder,))
        self._thread.start()
        assert self.next()["event"] == "ready"

    def ask(self, record: dict[str, Any] | bytes) -> None:
        self.lines.put(record if isinstance(record, bytes) else json.dumps(record).encode())

    def next(self) -> dict[str, Any]:
        return self.said.get(timeout=WAIT_S)

    def answer(self, record: dict[str, Any] | bytes) -> dict[str, Any]:
        self.ask(record)
        return self.next()

    def close(self) -> None:
        self.lines.put(None)
        self._thread.join(WAIT_S)
        assert not self._thread.is_alive()

    def _run(self, folder: Path) -> None:
        lines: Iterator[bytes] = iter(self.lines.get, None)  # type: ignore[arg-type]
        serve(lines, folder, lambda event, **facts: self.said.put({"event": event, **facts}), stop=lambda: False)


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    (tmp_path / "process").mkdir()
    made = Served(tmp_path / "process")
    yield made
    made.close()


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """A request that can be answered: a bright square passes over ripples, and is masked where it is at first."""
    folder = tmp_path_factory.mktemp("clip")
    time, y, x = np.meshgrid(np.arange(24), np.arange(SIZE_HW[0]), np.arange(SIZE_HW[1]), indexing="ij")
    grey = np.rint(120 + 40 * np.sin(x / 4 + time / 2) * np.cos(y / 5)).astype(np.uint8)
    frames = np.repeat(grey[..., None], 3, 3)
    for number, frame in enumerate(frames):
        frame[20:36, 10 + 3 * number : 24 + 3 * number] = 250
    clip = write_video(folder / "ripples.mp4", frames)
    mask = np.zeros(SIZE_HW, np.uint8)
    mask[16:40, 6:30] = 255
    Image.fromarray(mask).save(folder / "mask.png")
    return {"number": 1, "clip": str(clip), "window": [0, 24], "mask": str(folder / "mask.png")}


def frames_of(said: dict[str, Any]) -> np.ndarray:
    assert said["event"] == "preview", said
    return np.load(said["frames"], allow_pickle=False)


def test_a_region_is_filled_and_the_rest_is_the_clip(served: Served, asked: dict[str, Any]) -> None:
    """What was masked is gone, nothing outside changes, and the same request gives the same bytes again."""
    made = frames_of(served.answer(asked))
    assert made.shape == (24, *SIZE_HW, 3)
    assert made[0, 24:32, 12:22].mean() < 200
    again = frames_of(served.answer(asked | {"number": 2}))
    assert (made == again).all()
    assert (made[0, 50:] == frames_of(served.answer(asked | {"number": 3, "feather_px": 0.0}))[0, 50:]).all()


def test_two_processes_give_the_same(served: Served, asked: dict[str, Any], tmp_path: Path) -> None:
    """Nothing of a preview depends on what was asked before."""
    (tmp_path / "other").mkdir()
    other = Served(tmp_path / "other")
    served.answer(asked | {"fill": "texture", "instant": True})
    try:
        assert (frames_of(served.answer(asked)) == frames_of(other.answer(asked))).all()
    finally:
        other.close()


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({"clip": "/gone/clip.mp4"}, "clip.mp4"),
        ({"mask": "/gone/mask.png"}, "mask.png"),
        ({"window": [1000, 1010]}, "frames"),
        ({"sequence_rate": "1/0"}, "rate"),
        ({"fill": "texture", "model": "/gone/m.dtsgan"}, "m.dtsgan"),
        ({"fill": "patch", "instant": True}, "patch"),
        ({"fill": "patch", "instant": True, "reference": {"x": 9999, "y": 0, "width": 9, "height": 9}}, "patch"),
    ],
)
def test_what_cant_be_made_is_said_and_the_next_is_made(
    served: Served, asked: dict[str, Any], changes: dict[str, Any], word: str
) -> None:
    """A failure names what is wrong; the process lives on."""
    said = served.answer(asked | changes)
    assert said["event"] == "failure"
    assert word in said["problem"]
    assert frames_of(served.answer(asked | {"number": 2})).any()


def test_a_clip_is_named_as_the_person_knows_it(served: Served, asked: dict[str, Any], tmp_path: Path) -> None:
    """Messages speak of the clip, not of the small copy of it."""
    Image.new("L", (SIZE_HW[1], SIZE_HW[0]), 255).save(tmp_path / "all.png")
    said = served.answer(asked | {"mask": str(tmp_path / "all.png")})
    assert said["event"] == "failure"
    assert ".mkv" not in said["problem"]


@pytest.mark.parametrize(
    "error", [OSError(errno.ENOSPC, "No space left on device"), MemoryError(), ZeroDivisionError()]
)
def test_a_fault_is_an_answer_and_no_end(
    served: Served, asked: dict[str, Any], monkeypatch: pytest.MonkeyPatch, error: BaseException
) -> None:
    """A full disk, too little memory, a fault of ours: each is said, and the next request is answered."""

    def failing(*_: object, **__: object) -> None:
        raise error

    with monkeypatch.context() as patched:
        patched.setattr(server.np, "save", failing)
        said = served.answer(asked)
        assert said["event"] == "failure"
        assert said["number"] == 1
        assert said["problem"]
        assert said["remedy"]
    assert frames_of(served.answer(asked | {"number": 2})).any()


def test_only_the_newest_counts(served: Served, asked: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    """A request gives up the one before it, however far that is."""
    begun, stopped = threading.Event(), threading.Event()
    real: Callable[..., Any] = server.previewed

    def slow(request: Any, *words: Any, stop: Callable[[], bool], **more: Any) -> Any:
        if request.number == 1:
            begun.set()
            while not stop():
                threading.Event().wait(0.005)
            stopped.set()
        return real(request, *words, stop=stop, **more)

    monkeypatch.setattr(server, "previewed", slow)
    served.ask(asked)
    assert begun.wait(WAIT_S)
    served.ask(asked | {"number": 2})
    said = served.next()
    assert stopped.is_set()
    assert (said["event"], said["number"]) == ("preview", 2)


def test_an_empty_line_gives_up(served: Served, asked: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is said of what was given up."""
    begun = threading.Event()
    real: Callable[..., Any] = server.previewed

    def slow(request: Any, *words: Any, stop: Callable[[], bool], **more: Any) -> Any:
        if request.number == 1:
            begun.set()
            while not stop():
                threading.Event().wait(0.005)
        return real(request, *words, stop=stop, **more)

    monkeypatch.setattr(server, "previewed", slow)
    served.ask(asked)
    assert begun.wait(WAIT_S)
    served.ask(b"")
    assert served.answer(asked | {"number": 3})["number"] == 3


def test_what_it_takes_is_opened_ahead(served: Served, asked: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a mask the clip is read; the next request doesn't read it again."""
    assert served.answer(asked | {"mask": None})["event"] == "opened"
    monkeypatch.setattr(server, "write_proxy", lambda *_, **__: pytest.fail("it was read again"))
    assert frames_of(served.answer(asked | {"number": 2})).any()
