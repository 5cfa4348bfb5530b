from __future__ import annotations

import os
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np
import pytest
from support.drawing import square, stroke

from dtsgan.engine.errors import OptionError, OutputError
from dtsgan.engine.mask import open_mask
from dtsgan.ui.document import Footage, Key, Mask, Moving, Project, Replace
from dtsgan.ui.document.files import read_project, write_project
from dtsgan.ui.mask import files
from dtsgan.ui.mask.files import mask_frames, write_mask
from dtsgan.ui.mask.keys import shapes_at
from dtsgan.ui.mask.raster import raster
from dtsgan.ui.mask.runs import runs_of

if TYPE_CHECKING:
    from pathlib import Path

HW = (60, 80)
STILL = (Key(frame=0, shapes=(stroke((20, 20), (55, 35), radius=6.5), stroke((40, 30), erase=True))),)
MOVES = (Key(frame=0, shapes=(square(0, 10, 10),)), Key(frame=10, shapes=(square(41, 10, 10), stroke((60, 40)))))


def project_of(keys: tuple[Key, ...], *, span: tuple[int, int] | None = None, track: bool = False) -> Project:
    clip = Footage(path="/clips/fire.mp4", frames=14, rate=Fraction(25), size_hw=HW)
    return Project(clip=clip, span=span, replace=Replace(mask=Mask(keys=keys), track=track))


def written(project: Project, folder: Path) -> Path:
    return write_mask(project.replace.mask, mask_frames(project), HW, folder)


def read_back(path: Path, project: Project) -> np.ndarray:
    frames = project.range()
    mask = open_mask(path, size_hw=HW, span=(frames.start, frames.stop), clip_frames=14, name="fire.mp4")
    return np.stack(list(mask.frames()))


@pytest.mark.parametrize("span", [None, (3, 12)])
@pytest.mark.parametrize("keys", [STILL, MOVES], ids=["still", "moving"])
def test_the_worker_reads_what_is_seen(tmp_path: Path, keys: tuple[Key, ...], span: tuple[int, int] | None) -> None:
    """What the engine opens is, frame by frame, the same picture as the raster's, to the last level."""
    project = project_of(keys, span=span)
    path = written(project, tmp_path / "masks")
    assert path.suffix == (".png" if keys is STILL else "")
    read = read_back(path, project)
    for frame, picture in zip(project.range(), read, strict=True):
        shown = raster(shapes_at(project.replace.mask, frame), HW, HW)
        assert np.array_equal(np.rint(picture * 255).astype(np.uint8), shown)


def test_a_mask_that_follows_the_camera_is_the_first_frames(tmp_path: Path) -> None:
    """To follow the camera, one picture is written: that of the first frame that is used."""
    path = written(project_of(MOVES, span=(5, 12), track=True), tmp_path)
    assert path.suffix == ".png"
    (picture,) = {picture.tobytes() for picture in read_back(path, project_of(MOVES, span=(5, 12)))}
    shown = raster(shapes_at(Mask(keys=MOVES), 5), HW, HW)
    assert np.array_equal(np.rint(np.frombuffer(picture, np.float32) * 255), shown.ravel())


def test_the_same_mask_is_written_once(tmp_path: Path) -> None:
    """The same mask has the same name and is left as it is; another mask, or other frames of it, another one."""
    first = written(project_of(MOVES), tmp_path)
    inside = first / "000000.png"
    inside.write_bytes(b"mine")
    assert written(project_of(MOVES), tmp_path) == first
    assert inside.read_bytes() == b"mine"
    others = {written(project_of(MOVES, span=(3, 12)), tmp_path), written(project_of(STILL), tmp_path)}
    assert first not in others
    assert len(others) == 2
    assert written(project_of(STILL, span=(3, 12)), tmp_path) in others, "a still one is the same in all frames"


@pytest.mark.parametrize(
    "keys",
    [(), (Key(frame=0, shapes=(square(5, 5, 9, erase=True),)),), (Key(frame=0, shapes=(square(200, 5, 9),)),)],
    ids=["none", "erased", "beside"],
)
def test_an_empty_mask_is_refused(tmp_path: Path, keys: tuple[Key, ...]) -> None:
    """Where nothing of the picture is masked, one is told what to do, and no file is left."""
    with pytest.raises(OptionError) as caught:
        written(project_of(keys), tmp_path)
    assert "Paint over" in caught.value.remedy
    assert not list(tmp_path.iterdir())


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    """Where a file stands in the folder's place, the reason is told."""
    (tmp_path / "masks").write_text("")
    with pytest.raises(OutputError, match="can't be written"):
        written(project_of(STILL), tmp_path / "masks")


def test_old_masks_are_removed(tmp_path: Path) -> None:
    """Masks that weren't asked for in a week are removed when another one is written, and what killed programs left;
    other files stay."""
    old = written(project_of(MOVES), tmp_path)
    young = written(project_of(MOVES, span=(3, 12)), tmp_path)
    left = tmp_path / ".mask-1.0123456789ab.partial"
    left.mkdir()
    other = tmp_path / "notes.txt"
    other.write_text("")
    for path in (old, left, other):
        os.utime(path, (0, path.stat().st_mtime - files.KEPT_S - 60))
    written(project_of(STILL), tmp_path)
    assert not old.exists()
    assert not left.exists()
    assert young.exists()
    assert other.exists()


def test_masks_are_kept_in_project_files(tmp_path: Path) -> None:
    """Every kind of shape comes back from a project file as it was."""
    moving = Moving(size_hw=(6, 8), runs=runs_of(np.eye(6, 8, dtype=bool)))
    project = project_of((Key(frame=3, shapes=(moving, *MOVES[1].shapes, *STILL[0].shapes)),))
    write_project(project, tmp_path / "fire.dtsproject")
    assert read_project(tmp_path / "fire.dtsproject") == project
