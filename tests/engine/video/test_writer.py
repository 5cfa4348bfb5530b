"""Writing video: what comes back."""

from __future__ import annotations

import sys
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from support.videos import texture
from support.writing import everything, read, write

from dtsgan.engine.video import outputs
from dtsgan.engine.video.outputs import check_output
from dtsgan.engine.video.probe import ClipInfo, probe

SIZE = (48, 64)
FRAMES = texture(20, SIZE)


def with_alpha(frames: np.ndarray) -> np.ndarray:
    return np.concatenate([frames, frames[..., 1:2]], -1)


def deep(frames: np.ndarray, bits: int = 10) -> np.ndarray:
    noise = np.random.default_rng(0).integers(0, 1 << bits, frames.shape).astype(np.uint32)
    return (noise << (16 - bits) | noise >> (2 * bits - 16)).astype(np.uint16)


@pytest.mark.parametrize(
    ("name", "codec", "pixel_format"),
    [
        ("a.mp4", "h264", "yuv420p"),
        ("a.mov", "prores", "yuv422p10le"),
        ("a.mkv", "ffv1", "bgr0"),
        ("a.webm", "vp9", "yuv420p"),
        ("a.gif", "gif", "bgra"),
        ("folder", "png", "rgb24"),
        ("p_%03d.png", "png", "rgb24"),
        ("A.MP4", "h264", "yuv420p"),
    ],
)
def test_the_extension_chooses(tmp_path: Path, name: str, codec: str, pixel_format: str) -> None:
    """Each extension has its codec; frames come back in order and near to what they were."""
    path = write(tmp_path / name, FRAMES)
    info = probe(path)
    assert (info.codec, info.pixel_format, info.frames, info.rate) == (codec, pixel_format, 20, 25)
    back = read(path)[..., :3]
    levels = 257 if back.dtype == np.uint16 else 1
    limit = 12 if codec == "gif" else 3
    assert np.abs(back / levels - FRAMES).mean((1, 2, 3)).max() < limit
    assert not [name for name in everything(tmp_path) if "partial" in name]


@pytest.mark.parametrize(
    ("name", "options", "frames"),
    [
        ("a.mkv", {}, FRAMES),
        ("a.mkv", {"alpha": True}, with_alpha(FRAMES)),
        ("a.mkv", {"bit_depth": 10}, deep(FRAMES)),
        ("a.mkv", {"bit_depth": 12}, deep(FRAMES, 12)),
        ("a.mkv", {"bit_depth": 16}, deep(FRAMES, 16)),
        ("a.mkv", {"bit_depth": 10, "alpha": True}, deep(with_alpha(FRAMES))),
        ("a.mov", {"alpha": True}, with_alpha(FRAMES)),
        ("p_%03d.png", {}, FRAMES),
        ("p_%03d.png", {"alpha": True}, with_alpha(FRAMES)),
        ("p_%03d.png", {"bit_depth": 16}, deep(FRAMES, 16)),
        ("p_%03d.png", {"bit_depth": 16, "alpha": True}, deep(with_alpha(FRAMES), 16)),
    ],
)
def test_lossless_outputs_are_exact(tmp_path: Path, name: str, options: dict, frames: np.ndarray) -> None:
    """Every bit of every channel comes back."""
    path = write(tmp_path / name, frames, **options)
    assert np.array_equal(read(path), frames)
    assert probe(path).alpha == options.get("alpha", False)


def test_lossy_outputs_keep_alpha_and_depth(tmp_path: Path) -> None:
    """WebM keeps alpha; MP4 and ProRes keep ten bits; ProRes with both keeps both."""
    info: ClipInfo = probe(write(tmp_path / "a.webm", with_alpha(FRAMES), alpha=True))
    assert (info.alpha, info.bit_depth) == (True, 8)
    alpha = read(tmp_path / "a.webm")[..., 3]
    assert np.abs(alpha.astype(float) - FRAMES[..., 1]).mean() < 4
    smooth = FRAMES.astype(np.uint16) * 257
    assert probe(write(tmp_path / "a.mp4", smooth, bit_depth=10)).pixel_format == "yuv420p10le"
    info = probe(write(tmp_path / "b.mov", with_alpha(smooth), bit_depth=10, alpha=True))
    assert (info.codec, info.alpha) == ("prores", True)


@pytest.mark.parametrize(
    "rate", [Fraction(24000, 1001), Fraction(30000, 1001), Fraction(24), Fraction(50), Fraction(25, 2)]
)
@pytest.mark.parametrize("name", ["a.mp4", "a.mov", "a.mkv", "a.webm", "a.gif"])
def test_rates_are_exact(tmp_path: Path, name: str, rate: Fraction) -> None:
    """The rate read back is the one asked for, as far as the format can tell, and the first frame is at zero."""
    info = probe(write(tmp_path / name, FRAMES, rate=rate))
    if name == "a.gif":  # its stamps are hundredths of seconds
        assert info.rate == pytest.approx(rate, rel=0.002)
    else:
        assert info.rate == rate
    assert (info.vfr, info.start_s) == (False, 0)


@pytest.mark.parametrize("name", ["a.mp4", "a.mkv", "a.webm", "a.gif", "folder"])
def test_odd_sizes_stay(tmp_path: Path, name: str) -> None:
    """No size is changed silently; where an odd one costs compatibility the person is told."""
    path = tmp_path / name
    write(path, FRAMES[:, :47, :63])
    assert probe(path).size_hw == (47, 63)
    notices = check_output(path, size_hw=(47, 63), rate=Fraction(25), overwrite=True).notices
    assert len(notices) == (1 if name == "a.mp4" else 0)


@pytest.mark.parametrize("name", ["a.mp4", "a.mov"])
def test_sample_aspect_is_carried(tmp_path: Path, name: str) -> None:
    """Pixels that are not square stay so."""
    assert probe(write(tmp_path / name, FRAMES, sample_aspect=Fraction(64, 45))).sample_aspect == Fraction(64, 45)
    assert probe(
        write(
            tmp_path / f"alpha-{name}".replace("mp4", "mov"),
            with_alpha(FRAMES),
            alpha=True,
            sample_aspect=Fraction(64, 45),
        )
    ).sample_aspect == Fraction(64, 45)


@pytest.mark.parametrize("loop", [True, False])
def test_gifs_loop_when_asked(tmp_path: Path, loop: bool) -> None:
    """The loop extension is there when asked for and only then."""
    data = write(tmp_path / "a.gif", FRAMES, loop=loop).read_bytes()
    assert (b"NETSCAPE2.0" in data) == loop


def test_estimates_are_cautious(tmp_path: Path) -> None:
    """Even noise takes no more space than was reckoned with."""
    noise = np.random.default_rng(0).integers(0, 255, (10, 128, 128, 3), np.uint8)
    for name in ("a.mov", "a.mkv", "a.gif"):
        plan = check_output(tmp_path / name, size_hw=(128, 128), rate=Fraction(25))
        size = write(tmp_path / name, noise).stat().st_size
        assert size < plan.bytes_a_pixel * noise[..., 0].size + outputs.SPARE_BYTES


@pytest.mark.skipif(sys.platform == "win32", reason="Windows allows no colon in names")
def test_names_with_odd_characters(tmp_path: Path) -> None:
    """Colons and the like in a name are part of the name."""
    path = write(tmp_path / "a:b 100%.mkv", FRAMES)
    assert np.array_equal(read(path), FRAMES)


def test_files_can_be_read_by_others(tmp_path: Path) -> None:
    """The output has the permissions of any new file."""
    (tmp_path / "other").touch()
    assert write(tmp_path / "a.mp4", FRAMES).stat().st_mode == (tmp_path / "other").stat().st_mode


def test_mp4_can_be_streamed(tmp_path: Path) -> None:
    """The index of an MP4 comes before the pictures."""
    data = write(tmp_path / "a.mp4", FRAMES).read_bytes()
    assert 0 < data.find(b"moov") < data.find(b"mdat")
    with av.open(str(tmp_path / "a.mp4")) as container:
        assert container.streams.video[0].frames == 20


@pytest.mark.parametrize("name", ["a.mp4", "a.mkv", "a.webm"])
def test_equal_frames_make_equal_files(tmp_path: Path, name: str) -> None:
    """What is decoded never depends on the run: six times the same frames are the same pictures to the bit."""
    frames = texture(40, (64, 64))
    made = []
    for turn in range(6):
        (tmp_path / str(turn)).mkdir()
        made.append(read(write(tmp_path / str(turn) / name, frames)))
    assert all((other == made[0]).all() for other in made[1:])


@pytest.mark.parametrize("name", ["a.mp4", "a.mov", "a.mkv", "a.webm", "a.gif"])
def test_the_same_frames_make_the_same_bytes(tmp_path: Path, name: str) -> None:
    """Whenever they are written: no random number, no date."""
    (tmp_path / "again").mkdir()
    assert write(tmp_path / name, FRAMES).read_bytes() == write(tmp_path / "again" / name, FRAMES).read_bytes()


def test_the_number_of_processors_is_not_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same frames are the same file on a machine with more of them."""
    made = []
    for processors in (1, 2, 16):
        monkeypatch.setattr("os.cpu_count", lambda processors=processors: processors)
        made.append(write(tmp_path / f"{processors}.mp4", texture(60, (256, 384))).read_bytes())
    assert made[0] == made[1] == made[2]
