"""A whole job, by workers inside this process."""

from __future__ import annotations

import json
import logging
import shutil
import socket
import threading
import time
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import numpy as np
import pytest
from distributed import Client, LocalCluster, Scheduler, SpecCluster, Worker
from msgspec import structs
from support.clusters import wait_until
from support.videos import texture as moving
from support.videos import write_video
from support.writing import write

from dtsgan.engine import learn, quality, threads
from dtsgan.engine.errors import ClipError, OutputError, ResourceError, UserError
from dtsgan.engine.files import MODEL_SUFFIX
from dtsgan.engine.model import load_model, save_model
from dtsgan.export.farm import Learned, desk, farm, farming, given, inputs, keeping, reconnecting, steadily, work
from dtsgan.export.farm.cluster import Disconnected, Unreachable, threads_of
from dtsgan.export.farm.parts import FOLDER
from dtsgan.export.variants import Batch, Finished, Learning, Told, Variant
from dtsgan.plugin.cli import main
from dtsgan.plugin.cli.variants import with_digest

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator
FRAMES = 1000
MOST_S = 120
LONG = Variant(name="long.mkv", seed=5, frames=FRAMES, size_hw=(12, 16))
SHORT = Variant(name="short.mp4", seed=6, frames=10, loop=True)


def never() -> bool:
    return False


def in_time(stop: Callable[[], bool]) -> Callable[[], bool]:
    """The same, but nothing here takes minutes."""
    until = time.monotonic() + MOST_S

    def asked() -> bool:
        assert time.monotonic() < until, "it takes for ever"
        return stop()

    return asked


def batch_of(path: Path, *variants: Variant, **settings: Any) -> Batch:
    return with_digest(Batch(input=str(path), variants=variants or (LONG, SHORT), **settings))


def made(
    client: Client, batch: Batch, folder: Path, *, stop: Callable[[], bool] = never
) -> tuple[list[str], list[str]]:
    """Names of what was made, and what was told."""
    events = list(farm(client, [batch], folder, stop=in_time(stop)))
    names = [event.variant.name for event in events if isinstance(event, Finished)]
    return names, [event.text for event in events if isinstance(event, Told)]


@pytest.fixture(scope="session")
def alone(model: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """The same by one process."""
    folder = tmp_path_factory.mktemp("alone")
    words = ["--seed", "5", "--frames", str(FRAMES), "--size", "16x12", "-o", str(folder / "long.mkv")]
    assert main(["generate", str(model), *words]) == 0
    assert (
        main(["generate", str(model), "--seed", "6", "--frames", "10", "--loop", "-o", str(folder / "short.mp4")]) == 0
    )
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.suffix in (".mkv", ".mp4")}


@pytest.fixture
def far(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Workers that see no folder of the client's; the digests of what they fetch."""
    fetched: list[str] = []
    monkeypatch.setattr(work, "_sees", lambda _folder, _token: False)
    real_holds, real_keep = inputs._holds, inputs.keep

    def keep(wanted: Any, pieces: Any, store: Path) -> Path:
        fetched.append(f"{store}:{wanted.sha256}")
        return real_keep(wanted, pieces, store)

    monkeypatch.setattr(
        inputs, "_holds", lambda folder, wanted: str(folder) != wanted.folder and real_holds(folder, wanted)
    )
    monkeypatch.setattr(work, "keep", keep)
    return fetched


def test_it_is_what_one_process_makes(client: Client, model: Path, alone: dict[str, bytes], tmp_path: Path) -> None:
    """To the byte, one cut into parts and one whole; nothing else is left but the manifest."""
    names, told = made(client, batch_of(model), tmp_path)
    assert sorted(names) == ["long.mkv", "short.mp4"]
    assert told == []
    assert contents(tmp_path) == alone
    assert sorted(path.name for path in tmp_path.iterdir()) == ["long.mkv", "short.mp4", "variants.json"]
    assert made(client, batch_of(model), tmp_path) == ([], [])


def test_workers_need_see_nothing(
    client: Client, model: Path, alone: dict[str, bytes], tmp_path: Path, far: list[str]
) -> None:
    """Inputs and results come over the network; each worker fetches a model once."""
    _, told = made(client, batch_of(model), tmp_path)
    assert contents(tmp_path) == alone
    (text,) = told
    assert "results come over the network" in text
    assert 1 <= len(far) == len(set(far)) <= 2


def test_a_model_that_names_its_clip_brings_it(
    client: Client, tmp_path: Path, far: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both are fetched, and the pixels are the clip's."""
    monkeypatch.setattr("dtsgan.engine.learn.PREVIEW_SEEDS", 1)
    clip = write_video(tmp_path / "clip.mkv", moving(24, (24, 32)))
    model = tmp_path / "linked.dtsgan"
    words = ["--size", "12", "--coarsest", "8", "--scales", "2", "--window", "5", "--steps", "1", "--pixels", "link"]
    assert main(["learn", str(clip), "-o", str(model), *words]) == 0
    out = tmp_path / "out"
    made(client, batch_of(model, Variant(name="a.mkv", frames=8)), out)
    assert main(["generate", str(model), "--frames", "8", "-o", str(tmp_path / "b.mkv")]) == 0
    assert (out / "a.mkv").read_bytes() == (tmp_path / "b.mkv").read_bytes()
    assert len({entry.rsplit(":", 1)[1] for entry in far}) == 2


def test_a_clip_that_a_model_names_is_held_to_it(
    client: Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One that has changed, or lies on another machine, is named before any work; without its pixels it isn't asked
    for."""
    monkeypatch.setattr("dtsgan.engine.learn.PREVIEW_SEEDS", 1)
    clip = write_video(tmp_path / "clip.mkv", moving(24, (24, 32)))
    model = tmp_path / "linked.dtsgan"
    words = ["--size", "12", "--coarsest", "8", "--scales", "2", "--window", "5", "--steps", "1", "--pixels", "link"]
    assert main(["learn", str(clip), "-o", str(model), *words]) == 0
    write_video(clip, moving(24, (24, 32), seed=1))
    asked = Variant(name="a.mkv", frames=2)
    with pytest.raises(ClipError, match="is not the clip that was learned"):
        made(client, batch_of(model, asked), tmp_path / "out")
    assert made(client, batch_of(model, asked, layers=("prior", "pyramid")), tmp_path / "bare")[0] == ["a.mkv"]
    known = load_model(model)
    assert known.exemplar is not None
    save_model(replace(known, exemplar=replace(known.exemplar, path="//stranger/clip.mkv")), model, overwrite=True)
    with pytest.raises(ClipError, match="on another machine"):
        made(client, batch_of(model, asked), tmp_path / "away")


@pytest.mark.parametrize("kind", ["video", "pictures"])
def test_clips_work_too(client: Client, tmp_path: Path, far: list[str], kind: str) -> None:
    """A part of a video, or a folder of pictures with its rate, which nothing was learned from."""
    frames = moving(40, (16, 24))
    clip = write(tmp_path / ("clip.mkv" if kind == "video" else "clip"), frames)
    settings = {"range": "0:30"} if kind == "video" else {"range": "0:30", "rate": "24"}
    out = tmp_path / "out"
    made(client, batch_of(clip, Variant(name="a.mkv"), Variant(name="b.mkv", frames=500), **settings), out)
    words = [
        str(clip),
        "-o",
        str(tmp_path / "a.mkv"),
        "--range",
        "0:30",
        *(["--rate", "24"] if kind != "video" else []),
    ]
    assert main(["generate", *words]) == 0
    assert (out / "a.mkv").read_bytes() == (tmp_path / "a.mkv").read_bytes()
    assert far


def test_stopped_it_goes_on(client: Client, model: Path, alone: dict[str, bytes], tmp_path: Path) -> None:
    """What was made of a video in parts is not made again; no half file is seen."""
    asked: list[int] = []

    def stop() -> bool:
        asked.append(len(list((tmp_path / FOLDER).glob("[!.]*.mkv"))))
        return asked[-1] > 0

    assert made(client, batch_of(model, LONG), tmp_path, stop=stop)[0] == []
    kept = {path.name for path in (tmp_path / FOLDER).glob("[!.]*.mkv")}
    assert kept
    assert contents(tmp_path) == {}
    ordered: list[str] = []
    real = work.render_part

    def counted(texture: Any, out: Path, **rest: Any) -> Any:
        ordered.append(out.name)
        return real(texture, out, **rest)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(work, "render_part", counted)
        assert made(client, batch_of(model), tmp_path)[0]
    assert contents(tmp_path) == alone
    assert not kept & set(ordered)


def test_a_worker_that_cant_is_passed_over(
    client: Client, model: Path, alone: dict[str, bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its disk is full: the other one makes all, and the person is told once."""
    full = next(iter(client.scheduler_info()["workers"]))
    real = work._Desk.outcome

    def outcome(self: Any, order: Any) -> Any:
        if self._worker.address == full:
            raise OutputError("The disk is full: x could not be written.", remedy="Free some space.")
        return real(self, order)

    monkeypatch.setattr(work._Desk, "outcome", outcome)
    _, told = made(client, batch_of(model), tmp_path)
    assert contents(tmp_path) == alone
    (text,) = told
    assert "gets no more to do: The disk is full" in text


def test_where_no_worker_can_it_ends_in_words(
    client: Client, model: Path, alone: dict[str, bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And goes on once one can."""
    with monkeypatch.context() as patch:
        failure = OutputError("The disk is full: x could not be written.", remedy="Free some space.")

        def outcome(_self: Any, _order: Any) -> Any:
            raise failure

        patch.setattr(work._Desk, "outcome", outcome)
        with pytest.raises(ResourceError, match=r"No worker can do it.*disk is full.*goes on from here"):
            made(client, batch_of(model), tmp_path)
    assert contents(tmp_path) == {}
    made(client, batch_of(model), tmp_path)
    assert contents(tmp_path) == alone


def test_a_fault_is_tried_elsewhere_and_then_shown(
    client: Client, model: Path, alone: dict[str, bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A bug of one machine's libraries need not stop the others."""
    real, faults = work._Desk.outcome, [2]

    def outcome(self: Any, order: Any) -> Any:
        if faults[0]:
            faults[0] -= 1
            raise ZeroDivisionError("a bug")
        return real(self, order)

    monkeypatch.setattr(work._Desk, "outcome", outcome)
    made(client, batch_of(model), tmp_path)
    assert contents(tmp_path) == alone
    faults[0] = 1000
    with pytest.raises(RuntimeError, match="a bug"):
        made(client, batch_of(model, Variant(name="c.mkv", frames=8)), tmp_path)


def test_what_none_can_do_ends_it(client: Client, model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The input is at fault: one clear message, with what is made kept."""

    def outcome(_self: Any, _order: Any) -> Any:
        raise UserError("That clip is broken.", remedy="Mend it.")

    monkeypatch.setattr(work._Desk, "outcome", outcome)
    with pytest.raises(UserError, match="broken"):
        made(client, batch_of(model), tmp_path)


def test_results_that_dont_appear_are_named(
    client: Client, model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A shared disk that loses what a worker has written."""
    monkeypatch.setattr(desk, "SEEN_S", 0.3)
    real = work._Desk.told

    def told(self: Any, kind: Any, **facts: Any) -> Any:
        return real(self, kind, **facts | {"sha256": "0" * 64})

    monkeypatch.setattr(work._Desk, "told", told)
    with pytest.raises(OutputError, match="is not seen here, or is damaged"):
        made(client, batch_of(model, SHORT), tmp_path)


@pytest.fixture
def clip(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """One that is learned in a moment."""
    small = {"size": 12, "coarsest": 8, "scales": 2, "steps": 1, "window": 5}
    monkeypatch.setitem(quality.QUALITIES, "quick", small)
    monkeypatch.setattr("dtsgan.engine.learn.PREVIEW_SEEDS", 1)
    return write_video(tmp_path / "clip.mkv", moving(24, (24, 32)))


def test_learned_first(client: Client, clip: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A clip is learned by one worker, with the processors of its machine that others leave, its variants made by all;
    the model stays, and is not learned again."""
    out = tmp_path / "out"
    batch = batch_of(clip, Variant(name="a.mkv", frames=8), learn=Learning(quality="quick"))
    asked: list[int] = []
    monkeypatch.setattr("torch.set_num_threads", asked.append)
    monkeypatch.setattr(threads, "processors", lambda: 8)
    threads.limit(1)  # as a worker that has rendered before
    events = list(farm(client, [batch], out, stop=never))
    assert asked == [4]
    (model,) = out.glob(f"*{MODEL_SUFFIX}")
    assert main(["generate", str(model), "--frames", "8", "-o", str(tmp_path / "b.mkv")]) == 0
    assert (out / "a.mkv").read_bytes() == (tmp_path / "b.mkv").read_bytes()
    assert [event.variant.name for event in events if isinstance(event, Finished)] == ["a.mkv"]
    before = model.read_bytes()
    assert made(client, structs.replace(batch, variants=(Variant(name="c.mkv", frames=8),)), out)[0] == ["c.mkv"]
    assert model.read_bytes() == before
    (known,) = json.loads((out / "variants.json").read_text())["textures"]
    assert (known["learn"], len(known["variants"])) == ({"quality": "quick"}, 2)


def test_learned_and_no_more(client: Client, clip: Path, tmp_path: Path) -> None:
    """A job may ask for a model alone: it is that of the command for one machine, and not learned again."""
    out, alone = tmp_path / "out", tmp_path / "alone.dtsgan"
    batch = with_digest(Batch(input=str(clip), learn=Learning(quality="quick", seed=3)))
    events = list(farm(client, [batch], out, stop=in_time(never)))
    (told,) = [event for event in events if isinstance(event, Learned)]
    assert (told.name, told.model.parent) == ("clip.mkv", out)
    assert sorted(path.name for path in out.iterdir()) == sorted([told.model.name, "variants.json"])
    assert main(["learn", str(clip), "--quality", "quick", "--seed", "3", "-o", str(alone)]) == 0
    mine, others = load_model(told.model).arrays, load_model(alone).arrays
    assert mine.keys() == others.keys()
    for name in mine:
        if not name.startswith("graph"):  # a graph is made of the others
            np.testing.assert_allclose(mine[name], others[name], atol=1e-6)  # threads add up in another order
    assert list(farm(client, [batch], out, stop=never)) == []
    told.model.unlink()
    assert [type(event) for event in farm(client, [batch], out, stop=in_time(never))].count(Learned) == 1


def test_a_clip_is_learned_once_for_all_that_is_made_of_it(client: Client, clip: Path, tmp_path: Path) -> None:
    """By some with other layers, or with none."""
    how = Learning(quality="quick")
    whole, bare = Variant(name="whole.mkv", frames=8), Variant(name="bare.mkv", frames=8)
    batches = [
        batch_of(clip, whole, learn=how),
        batch_of(clip, bare, learn=how, layers=("prior",)),
        with_digest(Batch(input=str(clip), learn=how)),
    ]
    events = list(farm(client, batches, tmp_path / "out", stop=in_time(never)))
    assert sorted(event.variant.name for event in events if isinstance(event, Finished)) == ["bare.mkv", "whole.mkv"]
    assert len([event for event in events if isinstance(event, Learned)]) == 1
    assert len(list((tmp_path / "out").glob(f"*{MODEL_SUFFIX}"))) == 1


def resuming(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """From which step of its first scale each learning goes on."""
    resumed: list[int] = []
    planned = learn._Learning._resumed

    def seen(self: Any) -> Any:
        progress, arrays = planned(self)
        resumed.append(progress.step)
        return progress, arrays

    monkeypatch.setattr(learn._Learning, "_resumed", seen)
    return resumed


@pytest.mark.parametrize("damaged", [False, True])
def test_stopped_learning_goes_on_at_any_worker(
    client: Client, clip: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, damaged: bool
) -> None:
    """That sees the folder: what was learned lies there meanwhile. Where that is damaged it begins anew."""
    monkeypatch.setitem(quality.QUALITIES["quick"], "steps", 400)
    out, batch = tmp_path / "out", with_digest(Batch(input=str(clip), learn=Learning(quality="quick")))
    begun = time.monotonic()

    def stop() -> bool:
        return time.monotonic() - begun > MOST_S or learning_heard.is_set()

    learning_heard, real = threading.Event(), work._Desk.progress

    def progress(self: Any, frame: int) -> None:
        real(self, frame)
        if frame > 1:
            learning_heard.set()

    monkeypatch.setattr(work._Desk, "progress", progress)
    assert not any(isinstance(event, Learned) for event in farm(client, [batch], out, stop=stop))
    kept = out / FOLDER
    wait_until(lambda: list(kept.glob("[!.]*.part")), "what was learned")
    (state,) = kept.glob("[!.]*.part")
    if damaged:
        state.write_bytes(state.read_bytes()[:-100])
    monkeypatch.setattr(work._Desk, "progress", real)
    resumed = resuming(monkeypatch)
    events = list(farm(client, [batch], out, stop=in_time(never)))
    assert any(isinstance(event, Learned) for event in events)
    assert [step > 0 for step in resumed] == [not damaged]
    assert not kept.exists()


@pytest.mark.usefixtures("far")
def test_learning_goes_on_where_no_folder_is_seen(
    client: Client, clip: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """How far a worker has come is kept by the client: where that one can't any more, another one goes on from there,
    and so does one that is asked another day."""
    monkeypatch.setitem(quality.QUALITIES["quick"], "steps", 400)
    monkeypatch.setattr(keeping, "KEEP_S", 0.05)
    monkeypatch.setattr(learn, "SAVE_EVERY_S", 0.1)
    out, batch = tmp_path / "out", with_digest(Batch(input=str(clip), learn=Learning(quality="quick")))
    resumed, failed, real = resuming(monkeypatch), [], work._Desk.progress

    def progress(self: Any, frame: int) -> None:
        real(self, frame)
        if frame > 1 and len(failed) < 2:
            wait_until(lambda: list((out / FOLDER).glob("[!.]*.part")), "what was learned")
            failed.append(self._worker.address)
            raise OutputError("The disk is full: x could not be written.", remedy="Free some space.")

    monkeypatch.setattr(work._Desk, "progress", progress)
    with pytest.raises(ResourceError, match="disk is full"):
        list(farm(client, [batch], out, stop=in_time(never)))
    assert len(set(failed)) == 2
    for worker in cast("LocalCluster", client.cluster).workers.values():
        shutil.rmtree(work._store(cast("Worker", worker)))  # as of workers that were started since
    events = list(farm(client, [batch], out, stop=in_time(never)))
    assert any(isinstance(event, Learned) for event in events)
    assert resumed[0] == 0 < resumed[1] <= resumed[2]
    assert not (out / FOLDER).exists()


def test_an_order_is_not_given_for_ever(client: Client, model: Path, tmp_path: Path, far: list[str]) -> None:
    """A worker that loses what it fetched, again and again."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(inputs, "_holds", lambda _folder, _wanted: False)
        patch.setattr(work, "keep", lambda _wanted, _pieces, _store: None)
        with pytest.raises(ResourceError, match="20 times"):
            made(client, batch_of(model, SHORT), tmp_path)
    assert far == []


def test_a_scheduler_that_is_gone_is_looked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """And the work begun once more, if it comes back in time; one that never was is told at once."""
    monkeypatch.setattr(reconnecting, "AGAIN_S", 0.01)
    there = iter([True, False, False, True])
    work_done: list[str] = []

    @contextmanager
    def cluster() -> Iterator[Any]:
        if not next(there):
            raise Unreachable("No scheduler.")
        yield "client"

    def work(client: Any) -> Iterator[Any]:
        work_done.append(client)
        yield Told(text=f"begun {len(work_done)}")
        if len(work_done) == 1:
            raise Disconnected

    told = [event.text for event in steadily(cluster, work, stop=never) if isinstance(event, Told)]
    assert told == ["begun 1", "The scheduler is gone; looking for it again.", "begun 2"]
    there = iter([False])
    with pytest.raises(Unreachable):
        list(steadily(cluster, work, stop=never))
    there, work_done = iter([True, False, False]), []
    monkeypatch.setattr(reconnecting, "PATIENCE_S", -1)
    with pytest.raises(Unreachable):
        list(steadily(cluster, work, stop=never))


def test_workers_that_are_all_gone_are_waited_for(
    client: Client, model: Path, alone: dict[str, bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """That is told; after a long while it ends in words."""
    monkeypatch.setattr(farming, "GONE_S", 0.2)
    real, until, first = farming.Workers.slots, [time.monotonic() + 3], [True]

    def slots(self: Any) -> int:
        found = real(self)
        there = first[0] or time.monotonic() > until[0]
        first[0] = False
        return found if there else 0

    monkeypatch.setattr(farming.Workers, "slots", slots)
    _, told = made(client, batch_of(model, SHORT, LONG), tmp_path)
    assert told == ["All workers are gone; waiting for others."]
    assert contents(tmp_path) == alone
    until[0], first[0] = float("inf"), True
    monkeypatch.setattr(farming, "PATIENCE_S", 0.2)
    with pytest.raises(ResourceError, match="All workers are gone"):
        made(client, batch_of(model, structs.replace(LONG, name="c.mkv", frames=20_000)), tmp_path)


@pytest.mark.parametrize("named", [1, 2])
@pytest.mark.usefixtures("far")
def test_what_was_meant_for_workers_that_are_gone_is_done_by_later_ones(
    client: Client, clip: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, named: int
) -> None:
    """An input that a worker asked for, or an answer, finds nobody any more."""
    count, real, cluster = [named], farming.Dispatcher.give, cast("LocalCluster", client.cluster)

    def give(self: Any, order: Any, *, worker: str | None = None, **rest: Any) -> None:
        count[0] -= worker is not None
        goes = worker is not None and not count[0]
        if goes:
            cluster.scale(0)
            wait_until(lambda: not threads_of(client), "the end of all workers")
        real(self, order, worker=worker, **rest)
        if goes:
            cluster.scale(1)

    monkeypatch.setattr(farming.Dispatcher, "give", give)
    batch = with_digest(Batch(input=str(clip), learn=Learning(quality="quick")))
    assert [type(event) for event in farm(client, [batch], tmp_path / "out", stop=in_time(never))].count(Learned) == 1
    assert count[0] < 0


def test_two_at_once_in_a_folder_are_refused(client: Client, model: Path, tmp_path: Path) -> None:
    """They would take each other's parts; one that was killed is no hindrance."""
    endless = structs.replace(LONG, frames=100_000)
    with closing(cast("Generator[object]", farm(client, [batch_of(model, endless)], tmp_path, stop=never))) as running:
        next(running)
        with pytest.raises(OutputError, match="Another dtsgan farm is at work"):
            made(client, batch_of(model), tmp_path)
    (tmp_path / FOLDER).mkdir(exist_ok=True)
    (tmp_path / FOLDER / f"{socket.gethostname()},{2**22 + 1},00.sign").touch()
    assert made(client, batch_of(model, SHORT), tmp_path)[0] == ["short.mp4"]


def test_pieces_stay_few(client: Client, model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """However much there is to do, orders are given as they are done."""
    given: list[int] = []
    real = farming.Dispatcher.give

    def give(self: Any, order: Any, **rest: Any) -> None:
        real(self, order, **rest)
        given.append(self.running)

    monkeypatch.setattr(farming.Dispatcher, "give", give)
    many = [Variant(name=f"{number}.mkv", seed=number, frames=2) for number in range(40)]
    made(client, batch_of(model, *many), tmp_path)
    assert len(given) == 40
    assert max(given) <= 4


@pytest.fixture
def unlike() -> Iterator[Client]:
    """Of a worker with a card and 8 GB to give away, and one with 2 GB and none."""
    workers = {
        0: {"cls": Worker, "options": {"nthreads": 1, "resources": {"GPU": 1, "MEMORY": 8e9}}},
        1: {"cls": Worker, "options": {"nthreads": 1, "resources": {"MEMORY": 2e9}}},
    }
    scheduler = {
        "cls": Scheduler,
        "options": {"dashboard_address": "127.0.0.1:0", "dashboard": False, "protocol": "inproc", "port": 0},
    }
    with (
        SpecCluster(workers=workers, scheduler=scheduler) as local,
        Client(local, set_as_default=False) as client,
    ):
        yield client


def seen(client: Client, batch: Batch, folder: Path) -> list[tuple[str, dict[str, float]]]:
    """The kind of each order, and what the worker has to give that does it."""
    told: list[tuple[str, dict[str, float]]] = []
    real = work._Desk.outcome

    def outcome(self: Any, order: Any) -> Any:
        told.append((type(order).__name__, dict(self._worker.state.total_resources)))
        return real(self, order)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(work._Desk, "outcome", outcome)
        made(client, batch, folder)
    return told


def test_learning_goes_where_a_card_is(unlike: Client, clip: Path, tmp_path: Path) -> None:
    """Where any worker says that it has one; rendering goes to all."""
    for number in range(3):
        how = Learning(quality="quick", seed=number)
        batch = batch_of(clip, Variant(name=f"{number}.mkv", frames=8), learn=how)
        orders = seen(unlike, batch, tmp_path / "out")
        assert [resources for kind, resources in orders if kind == "LearnOrder"] == [{"GPU": 1, "MEMORY": 8e9}]


def test_learning_goes_on_where_no_card_is_any_more(
    unlike: Client, clip: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The worker that has one goes before it has begun."""
    monkeypatch.setattr(given, "WITHOUT_S", 0.5)
    real, asked = farming.Dispatcher.give, []

    def give(self: Any, order: Any, **rest: Any) -> None:
        if not asked:
            unlike.retire_workers([address for address, each in _workers(unlike).items() if "GPU" in each["resources"]])
        real(self, order, **rest)
        asked.append(self._given[order.name].resources)

    monkeypatch.setattr(farming.Dispatcher, "give", give)
    batch = with_digest(Batch(input=str(clip), learn=Learning(quality="quick")))
    assert [type(event) for event in farm(unlike, [batch], tmp_path / "out", stop=in_time(never))].count(Learned) == 1
    assert ["GPU" in each for each in asked] == [True, False]


def _workers(client: Client) -> dict[str, Any]:
    return client.scheduler_info(n_workers=-1)["workers"]


def test_memory_is_kept_to(unlike: Client, model: Path, tmp_path: Path) -> None:
    """What takes more than a worker gives away goes to another."""
    many = [Variant(name=f"{number}.mkv", seed=number, frames=1, size_hw=(3000, 3000)) for number in range(4)]
    orders = seen(unlike, batch_of(model, *many, fit="scale"), tmp_path)
    assert len(orders) == 4
    assert {resources["MEMORY"] for _, resources in orders} == {8e9}


def test_too_little_memory_everywhere_is_told(model: Path, tmp_path: Path) -> None:
    """Before any work, with how much it takes."""
    with (
        LocalCluster(
            n_workers=1,
            processes=False,
            memory_limit="500MB",
            dashboard_address="127.0.0.1:0",
            silence_logs=logging.CRITICAL,
        ) as small,
        Client(small, set_as_default=False) as client,
        pytest.raises(ResourceError, match=r"takes about 1\.5 GiB of memory, and no worker may use so much"),
    ):
        made(client, batch_of(model), tmp_path)
