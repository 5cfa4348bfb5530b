from __future__ import annotations

import math
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from msgspec import json, structs
from support.drawing import square

from dtsgan.engine.clip import Rect
from dtsgan.engine.errors import OptionError
from dtsgan.plugin.cli.app import build_parser
from dtsgan.ui.binding import with_fields
from dtsgan.ui.document import Extend, Footage, Key, Mask, Project, Reference, Replace, Variants
from dtsgan.ui.document.project import MOST_STRENGTH
from dtsgan.ui.jobs import Job
from dtsgan.ui.tasks import extend_task, replace_task, result_of
from dtsgan.ui.tasks.learn import learn_task
from dtsgan.ui.tasks.replace import LEARNED, entries_of, inject_of
from dtsgan.ui.tasks.variants import Making, variant_result, variants_task

if TYPE_CHECKING:
    from argparse import Namespace

    from dtsgan.ui.jobs import Task

CLIP = Footage(path="/clips/a fire.mp4", frames=100, rate=Fraction(25), size_hw=(90, 160))
PROJECT = with_fields(Project(clip=CLIP), {"replace.mask": Mask(keys=(Key(frame=0, shapes=(square(5, 5, 20),)),))})
FOLDER = with_fields(PROJECT, {"clip.path": "/clips/frames", "clip.sequence_rate": Fraction(24000, 1001)})
MODEL = "/models/a fire.dtsgan"
OUT = Path("/made/out 1.mp4")
PATCH = Reference(x=1, y=2, width=30, height=40, frame=9)


def parsed(task: Task) -> Namespace:
    """What the real command line understands; OptionError where it doesn't."""
    return build_parser().parse_args([*task.words, "--json", "--attended"])


def extended(changes: dict[str, Any], project: Project = PROJECT) -> Task:
    return extend_task(with_fields(project, {f"extend.{name}": value for name, value in changes.items()}), OUT)


def replaced(changes: dict[str, Any], project: Project = PROJECT, **options: Any) -> Task:
    changed = with_fields(project, {f"replace.{name}": value for name, value in changes.items()})
    return replace_task(changed, Path("/masks/mask 1.png"), OUT, **options)


def varied(changes: dict[str, Any], project: Project = PROJECT, **options: Any) -> Task:
    changed = with_fields(project, {f"variants.{name}": value for name, value in changes.items()})
    return variants_task(changed, Path("/made/variants 1"), **options)


EXTENDED = ["/clips/a fire.mp4", "-o", "/made/out 1.mp4"]
EXTENSIONS: list[tuple[Project, dict[str, Any], list[str]]] = [
    (PROJECT, {}, ["extend", *EXTENDED, "--add", "50", "--at", "end", "--seed", "0"]),
    (PROJECT, {"added": 7, "at": "both", "seed": 3}, [
        "extend", *EXTENDED, "--add", "7", "--at", "both", "--seed", "3",
    ]),
    (PROJECT, {"at": "start", "sound": False}, [
        "extend", *EXTENDED, "--add", "50", "--at", "start", "--seed", "0", "--no-audio",
    ]),
    (PROJECT, {"instant": True}, ["extend", *EXTENDED, "--add", "50", "--at", "end", "--seed", "0", "--instant"]),
    (PROJECT, {"mode": "loop"}, ["loop", *EXTENDED, "--bridge", "auto", "--seed", "0"]),
    (PROJECT, {"mode": "loop", "bridge": 24, "seed": 2**31 - 1}, [
        "loop", *EXTENDED, "--bridge", "24", "--seed", "2147483647",
    ]),
    (structs.replace(PROJECT, span=(10, 60), model=MODEL), {}, [
        "extend", *EXTENDED, "--range", "10:60", "--add", "50", "--at", "end", "--seed", "0", "-m", MODEL,
    ]),
    (structs.replace(PROJECT, model=MODEL), {"mode": "loop", "instant": True}, [
        "loop", *EXTENDED, "--bridge", "auto", "--seed", "0", "--instant",
    ]),
    (FOLDER, {"mode": "loop"}, [
        "loop", "/clips/frames", "-o", "/made/out 1.mp4", "--rate", "24000/1001", "--bridge", "auto", "--seed", "0",
    ]),
    (with_fields(FOLDER, {"clip.sequence_rate": Fraction(25)}), {}, [
        "extend", "/clips/frames", "-o", "/made/out 1.mp4", "--rate", "25", "--add", "50", "--at", "end", "--seed", "0",
    ]),
]  # fmt: skip


@pytest.mark.parametrize(("project", "changes", "told"), EXTENSIONS, ids=range(len(EXTENSIONS)))
def test_the_words_that_extend(project: Project, changes: dict[str, Any], told: list[str]) -> None:
    """What the page says becomes exactly these words, which the command line takes."""
    task = extended(changes, project)
    assert list(task.words) == told
    understood = parsed(task)
    asked = with_fields(project, {f"extend.{name}": value for name, value in changes.items()}).extend
    assert (understood.input, understood.output, understood.seed) == (Path(told[1]), OUT, asked.seed)
    assert understood.rate == (project.clip and project.clip.sequence_rate)
    assert (understood.instant, understood.no_audio) == (asked.instant, not asked.sound)
    assert understood.model == (Path(MODEL) if project.model and not asked.instant else None)
    if asked.mode == "loop":
        assert understood.bridge == (asked.bridge or "auto")
    else:
        assert (understood.add, understood.at) == (asked.added, asked.at)


def test_an_extension_is_remembered() -> None:
    """The task says where its result comes, what it was made with, and what room it takes."""
    project = structs.replace(PROJECT, span=(10, 60), model=MODEL)
    task = extended({"added": 30, "seed": 4}, project)
    assert (task.title, task.output, task.kind) == ("Extended clip", str(OUT), "result")
    assert task.need_bytes == math.ceil(90 * 160 * (50 + 30) / 8)
    assert (task.about.made_by, task.about.model, task.about.seed) == ("extend", MODEL, 4)
    assert (task.about.loop, task.about.kept_from) == (False, 10)
    assert json.decode(task.about.settings, type=Extend) == Extend(added=30, seed=4)
    loop = extended({"mode": "loop", "bridge": 6})
    assert (loop.title, loop.about.loop) == ("Loop", True)
    assert loop.need_bytes == math.ceil(90 * 160 * 106 / 8)


REPLACED = [*EXTENDED, "--mask", "/masks/mask 1.png", "--fill"]
REPLACEMENTS: list[tuple[dict[str, Any], list[str], str | None]] = [
    ({}, ["surround", "--seed", "0"], MODEL),
    ({"instant": True}, ["surround", "--seed", "0"], None),
    ({"fill": "texture"}, ["texture", "--seed", "0"], None),
    ({"fill": "texture"}, ["texture", "--seed", "0", "-m", MODEL], MODEL),
    ({"fill": "texture", "instant": True, "seed": 6}, ["texture", "--seed", "6", "--instant"], MODEL),
    ({"fill": "texture", "feather_px": 2.5}, ["texture", "--seed", "0", "--feather", "2.5"], None),
    ({"feather_px": 0.0, "track": True}, ["surround", "--seed", "0", "--feather", "0", "--track"], None),
    ({"feather_px": 400.0, "layer": True}, ["surround", "--seed", "0", "--feather", "400", "--layer"], None),
    ({"fill": "patch", "reference": PATCH},
     ["patch", "--seed", "0", "--reference", "1,2,30,40@9", "--inject", "1"], None),
    ({"fill": "patch", "reference": PATCH, "strength": 0},
     ["patch", "--seed", "0", "--reference", "1,2,30,40@9", "--instant"], MODEL),
    ({"fill": "patch", "reference": PATCH, "strength": 3, "instant": True},
     ["patch", "--seed", "0", "--reference", "1,2,30,40@9", "--instant"], MODEL),
    ({"fill": "patch", "reference": structs.replace(PATCH, path="/clips/a, b@c.mp4"), "strength": 3},
     ["patch", "--seed", "0", "--reference", "1,2,30,40@/clips/a, b@c.mp4", "-m", MODEL, "--inject", "0"], MODEL),
]  # fmt: skip


@pytest.mark.parametrize(("changes", "told", "model"), REPLACEMENTS, ids=range(len(REPLACEMENTS)))
def test_the_words_that_replace(changes: dict[str, Any], told: list[str], model: str | None) -> None:
    """What the page says becomes exactly these words, which the command line takes."""
    task = replaced(changes, structs.replace(PROJECT, model=model))
    assert list(task.words) == ["replace", *REPLACED, *told]
    understood, asked = parsed(task), with_fields(Replace(), changes)
    assert (understood.fill, understood.seed, understood.feather) == (asked.fill, asked.seed, asked.feather_px)
    assert (understood.track, understood.layer) == (asked.track, asked.layer)
    assert (understood.mask, understood.output) == (Path("/masks/mask 1.png"), OUT)
    assert understood.model == (Path(model) if model and "-m" in told else None)
    assert task.about.model == (model if "-m" in told else None)


def test_a_patch_is_read_as_it_was_meant() -> None:
    """The command line reads the rectangle, frame or clip of a reference that the window writes."""
    from dtsgan.engine.fill import parse_reference

    for patch in (PATCH, structs.replace(PATCH, path="/clips/a, b@c.mp4"), Reference(x=0, y=0, width=8, height=8)):
        understood = parsed(replaced({"fill": "patch", "reference": patch}))
        read = parse_reference(understood.reference)
        assert read.rect == Rect(x=patch.x, y=patch.y, width=patch.width, height=patch.height)
        assert (read.clip, read.frame) == ((Path(patch.path), None) if patch.path else (None, patch.frame))


def test_a_range_of_the_clip_is_replaced() -> None:
    """In and out points and the rate of a folder of pictures are told, and where kept frames begin is remembered."""
    task = replaced({}, structs.replace(FOLDER, span=(10, 60)))
    assert task.words[3:8] == ("/made/out 1.mp4", "--range", "10:60", "--rate", "24000/1001")
    assert (task.about.kept_from, parsed(task).rate) == (10, Fraction(24000, 1001))
    assert task.need_bytes == math.ceil(90 * 160 * 50 / 8)


def test_a_layer_takes_more_room() -> None:
    """A layer is coded without loss, and said to be one."""
    film, layer = replaced({}), replaced({"layer": True})
    assert (film.title, layer.title) == ("Replacement", "Layer")
    assert layer.need_bytes > 4 * film.need_bytes


@pytest.mark.parametrize(
    ("project", "changes", "why"),
    [
        (Project(), {}, "no clip"),
        (Project(clip=CLIP), {}, "no region"),
        (PROJECT, {"mask": Mask(keys=(Key(frame=0, shapes=(square(5, 5, 20, erase=True),)),))}, "no region"),
        (PROJECT, {"fill": "patch"}, "No patch"),
    ],
)
def test_what_is_missing_is_told(project: Project, changes: dict[str, Any], why: str) -> None:
    """Without a clip, a region or a patch nothing is started, and the person is told what to do."""
    with pytest.raises(OptionError, match=why) as caught:
        replaced(changes, project)
    assert caught.value.remedy


def test_nothing_is_made_without_a_clip() -> None:
    """Nor are other edits."""
    for make in (lambda: extend_task(Project(), OUT), lambda: variants_task(Project(), OUT)):
        with pytest.raises(OptionError, match="no clip"):
            make()


def test_strength_says_at_which_scale() -> None:
    """From the finest scale for the gentlest to the coarsest for the strongest, whatever scales a model has; 0 makes
    nothing anew."""
    assert [inject_of(strength) for strength in range(4)] == [None, 2, 1, 0]
    assert [inject_of(strength, range(1, 8)) for strength in range(1, 4)] == [7, 4, 1]
    assert [inject_of(strength, range(1)) for strength in range(1, 4)] == [0, 0, 0]
    assert inject_of(9, range(3)) == 0
    assert inject_of(3, range(0)) is None
    for scales in (range(3), range(1, 8), range(2)):
        found = [inject_of(strength, scales) for strength in range(1, MOST_STRENGTH + 1)]
        assert set(found) <= set(scales)
        assert sorted(found, reverse=True) == found  # type: ignore[type-var]


def test_entries_are_the_models_own(monkeypatch: pytest.MonkeyPatch) -> None:
    """A model's file is read where a patch is to be made anew with it, and not else; a paper model's coarsest scale
    takes no picture."""
    from dtsgan.ui.tasks import replace as module

    class Model:
        class options:  # noqa: N801
            preset = "paper"

        sizes_hw = ((25, 40), (32, 50), (41, 66))

    asked: list[Path] = []
    monkeypatch.setattr(module, "load_model", lambda path: asked.append(path) or Model)
    patch = with_fields(PROJECT, {"replace.fill": "patch", "replace.reference": PATCH, "model": MODEL})
    assert entries_of(patch) == range(1, 3)
    assert asked == [Path(MODEL)]
    monkeypatch.setattr(Model.options, "preset", "fast")
    assert entries_of(patch) == range(3)
    asked.clear()
    for other in (
        with_fields(patch, {"model": None}),
        with_fields(patch, {"replace.fill": "texture"}),
        with_fields(patch, {"replace.strength": 0}),
        with_fields(patch, {"replace.instant": True}),
    ):
        assert entries_of(other) == LEARNED
    assert asked == []
    words = replaced({"fill": "patch", "reference": PATCH, "strength": 1}, entries=range(1, 3)).words
    assert words[-2:] == ("--inject", "2")


VARIED = ["-o", "/made/variants 1", "--format", "mp4"]
VARIATIONS: list[tuple[dict[str, Any], str | None, list[str]]] = [
    ({}, None, ["/clips/a fire.mp4", *VARIED, "--seeds", "0-7"]),
    ({"count": 1, "first_seed": 5}, MODEL, [MODEL, *VARIED, "--seeds", "5-5"]),
    ({"count": 200, "first_seed": 2**31 - 1}, None,
     ["/clips/a fire.mp4", *VARIED, "--seeds", "2147483647-2147483846"]),
    ({"sizes_hw": ((1080, 1920), (90, 160)), "frames": 50}, MODEL,
     [MODEL, *VARIED, "--seeds", "0-7", "--sizes", "1920x1080,160x90", "--lengths", "50"]),
    ({"loop": True}, MODEL, [MODEL, *VARIED, "--seeds", "0-7", "--loop"]),
]  # fmt: skip


@pytest.mark.parametrize(("changes", "model", "told"), VARIATIONS, ids=range(len(VARIATIONS)))
def test_the_words_that_vary(changes: dict[str, Any], model: str | None, told: list[str]) -> None:
    """What the page says becomes exactly these words, which the command line takes."""
    task = varied(changes, structs.replace(PROJECT, model=model))
    assert list(task.words) == ["variants", *told]
    understood, asked = parsed(task), with_fields(Variants(), changes)
    assert understood.seeds == list(range(asked.first_seed, asked.first_seed + asked.count))
    assert understood.sizes == (list(asked.sizes_hw) or None)
    assert understood.lengths == (None if asked.frames is None else [asked.frames])
    assert (understood.loop, understood.format, understood.output) == (asked.loop, "mp4", Path("/made/variants 1"))
    assert json.decode(task.about.settings, type=Variants) == asked
    assert task.title == f"{len(task.about.variants)} variants"


def test_variants_of_a_part() -> None:
    """Of a clip at once, the part between its in and out points; a model has learned what it has."""
    part = structs.replace(PROJECT, span=(3, 17), model=None)
    task = varied({}, part)
    assert task.words[-2:] == ("--range", "3:17")
    assert parsed(task).range == "3:17"
    assert {frames for _, _, frames in task.about.variants.values()} == {14}
    assert "--range" not in varied({}, structs.replace(part, model=MODEL)).words


def test_more_like_one() -> None:
    """More like one have its seed and other fine seeds."""
    task = varied({"first_seed": 3}, like=(4, (1, 2)))
    understood = parsed(task)
    assert (understood.seeds, understood.fine_seeds) == ([4], [1, 2])
    assert [(seed, fine) for seed, fine, _ in task.about.variants.values()] == [(4, 1), (4, 2)]


def test_variants_are_named_as_the_worker_names_them() -> None:
    """The window knows beforehand what each file will be called, so that it can show each as it comes."""
    from dtsgan.export.variants import plan

    task = varied({"count": 2, "sizes_hw": ((90, 160), (180, 320)), "frames": 40, "loop": True})
    told = parsed(task)
    made = plan(
        told.input.stem,
        seeds=told.seeds,
        sizes=told.sizes,
        lengths=told.lengths,
        loop=told.loop,
        suffix=f".{told.format}",
    )
    assert [each.name for each in made] == list(task.about.variants)
    assert len(made) == 4


def test_a_variant_becomes_a_result() -> None:
    """Each made file becomes a result with its own seed; a name that wasn't asked for none."""
    about = varied({"count": 2, "frames": 40, "loop": True}, structs.replace(PROJECT, model=MODEL)).about
    assert isinstance(about, Making)
    names = list(about.variants)
    result = variant_result(about, names[1], "id1")
    assert result is not None
    assert (result.id, result.path, result.made_by) == ("id1", str(Path("/made/variants 1") / names[1]), "variants")
    assert (result.model, result.seed, result.frames, result.loop) == (MODEL, 1, 40, True)
    assert result.fine_seed is None
    like = varied({}, like=(4, (2,))).about
    fine = variant_result(like, next(iter(like.variants)), "id3")
    assert fine is not None
    assert (fine.seed, fine.fine_seed, fine.title) == (4, 2, "Variant, fine seed 2")
    assert variant_result(about, "another.mp4", "id2") is None


def test_a_finished_job_becomes_a_result() -> None:
    """What the worker tells of its file, and what it was asked for, is in the result."""
    task = extended({"mode": "loop", "seed": 8}, structs.replace(PROJECT, span=(10, 60), model=MODEL))
    facts = {"frames": 74, "kept": [0, 50], "joints": [[50, 0.5], [0, 1.25]], "path": "/elsewhere"}
    result = result_of(Job(id=1, task=task, state="done", result=facts), "id1")
    assert (result.id, result.path, result.made_by, result.title) == ("id1", str(OUT), "extend", "Loop")
    assert (result.frames, result.kept, result.kept_from, result.joints) == (74, (0, 50), 10, ((50, 0.5), (0, 1.25)))
    assert (result.seed, result.loop, result.model, result.mark) == (8, True, MODEL, "")
    assert json.decode(result.settings, type=Extend) == Extend(mode="loop", seed=8)
    bare = result_of(Job(id=1, task=task, state="done", result={}), "id2")
    assert (bare.frames, bare.kept, bare.joints) == (0, None, ())


def test_the_same_always_gives_the_same() -> None:
    """A task is a function of the project and its target alone."""
    for make in (extended, replaced, varied):
        assert make({}) == make({})


def test_variants_by_a_cluster() -> None:
    """The same words with the cluster's address; without one it is asked for. This computer's memory is no matter."""
    task, alone = varied({"count": 3}, scheduler=" tcp://boss:8786 "), varied({"count": 3})
    at = task.words.index("--scheduler")
    assert task.words[at : at + 2] == ("--scheduler", "tcp://boss:8786")
    assert ("variants", *task.words[1:at], *task.words[at + 2 :]) == alone.words
    assert (task.words[0], task.need_memory_bytes, task.about) == ("farm", 0, alone.about)
    with pytest.raises(OptionError, match="page Queue"):
        varied({}, scheduler=" ")
    assert build_parser().parse_args(task.words).scheduler == "tcp://boss:8786"


def test_learning_by_a_cluster() -> None:
    """The same part of the clip in the same quality, in a folder of its own; no pictures are asked for."""
    asked = with_fields(structs.replace(PROJECT, span=(3, 40)), {"learn.quality": "fine", "learn.seed": 4})
    task = learn_task(asked, OUT, planned_s=9.0, memory_bytes=10, scheduler=" tcp://boss:8786 ")
    told = parsed(task)
    assert (told.inputs, told.learn_only, told.seed, told.range) == ([Path(CLIP.path)], "fine", 4, "3:40")
    assert (told.scheduler, str(told.output)) == ("tcp://boss:8786", str(OUT.with_name(f".{OUT.stem} cluster")))
    assert (task.output, task.need_memory_bytes, task.kind) == (str(OUT), 0, "model")
    assert (task.about.planned_s, task.about.folder) == (None, str(told.output))
    assert learn_task(asked, OUT).about.folder is None
    with pytest.raises(OptionError, match="address is missing"):
        learn_task(asked, OUT, scheduler="")
