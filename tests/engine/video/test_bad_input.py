"""Input that can't be used: each refusal names the file, the reason and the remedy, and leaves no trace."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from av.stream import Disposition
from support.videos import texture, write_sound, write_video

from dtsgan.engine.clip import Rect, Span
from dtsgan.engine.errors import ClipError
from dtsgan.engine.video.probe import probe
from dtsgan.engine.video.reader import iter_frames, read_clip
from dtsgan.engine.video.selection import ClipTooShort

FRAMES = texture(60, (48, 64))


def refusal(path: Path, **arguments: object) -> ClipError:
    """The error that reading raises; reading must not leave or change any file."""
    before = {file: file.read_bytes() for file in path.parent.glob("*") if file.is_file()}
    with pytest.raises(ClipError) as caught:
        read_clip(path, **arguments)  # type: ignore[arg-type]
    assert {file: file.read_bytes() for file in path.parent.glob("*") if file.is_file()} == before
    assert path.name in caught.value.problem
    assert caught.value.remedy
    return caught.value


@pytest.mark.parametrize("name", ["missing.mp4", "missing#1.mp4", "missing_100%.mov"])
def test_no_such_file(tmp_path: Path, name: str) -> None:
    """A missing file is called missing, whatever its name looks like."""
    assert "does not exist" in refusal(tmp_path / name).problem


@pytest.mark.parametrize("name", ["a.mp4", "a.txt", "a.mkv"])
@pytest.mark.parametrize("content", [b"hello, world\n" * 100, b"\0" * 5000, b"{}"])
def test_not_a_video(tmp_path: Path, name: str, content: bytes) -> None:
    """Text and noise are no video, though FFmpeg would show some of it as one."""
    path = tmp_path / name
    path.write_bytes(content)
    assert "not a video" in refusal(path).problem


def test_zero_length(tmp_path: Path) -> None:
    """An empty file is called empty."""
    path = tmp_path / "a.mp4"
    path.touch()
    assert "empty" in refusal(path).problem


def test_audio_only(tmp_path: Path) -> None:
    """Sound without a picture is called that."""
    assert "sound but no video" in refusal(write_sound(tmp_path / "a.m4a")).problem


def test_a_cover_picture_is_no_video(tmp_path: Path) -> None:
    """The cover of a song is not its video."""
    song = tmp_path / "song.mp4"
    with av.open(str(write_sound(tmp_path / "a.m4a"))) as source, av.open(str(song), "w") as target:
        sound = target.add_stream_from_template(source.streams.audio[0])
        cover = target.add_stream("mjpeg", rate=25)
        cover.width, cover.height, cover.pix_fmt = 16, 16, "yuvj420p"
        cover.disposition = Disposition.attached_pic
        for packet in source.demux(audio=0):
            if packet.size:
                packet.stream = sound
                target.mux(packet)
        frame = av.VideoFrame(16, 16, "yuvj420p")
        frame.pts = 0
        target.mux(cover.encode(frame))
        target.mux(cover.encode(None))
    assert "sound but no video" in refusal(song).problem


def test_too_few_frames(tmp_path: Path) -> None:
    """A 12-frame GIF: how many are needed, how many there are, and the window that would do."""
    gif = write_video(tmp_path / "a.gif", FRAMES[:12], codec="gif", pixel_format="rgb8")
    error = refusal(gif)
    assert isinstance(error, ClipTooShort)
    assert (error.have, error.need) == (12, 16)
    assert "has 12 frames; at least 16 are needed" in error.problem
    assert "--window 12 or less" in error.remedy
    assert len(read_clip(gif, min_frames=12).frames_thwc) == 12


def test_too_few_frames_in_the_range(tmp_path: Path) -> None:
    """A range of a long clip can be too short as well."""
    error = refusal(write_video(tmp_path / "a.mp4", FRAMES), span=Span(start=10, stop=19))
    assert "has 9 frames in that range" in error.problem


def test_too_few_frames_between_cuts_and_repeats(tmp_path: Path) -> None:
    """What counts is what is left of the longest shot, and the reason is told."""
    cut = np.concatenate([texture(12, (48, 64), seed=seed) for seed in (1, 2)])
    error = refusal(write_video(tmp_path / "cut.mp4", cut))
    assert "12 frames in its longest part without a cut" in error.problem
    repeated = write_video(tmp_path / "twice.mp4", FRAMES[np.arange(24) // 2])
    assert "12 frames once repeated ones are left out" in refusal(repeated).problem


@pytest.mark.parametrize("name", ["a.mkv", "a.mp4"])
def test_nothing_moves(tmp_path: Path, name: str) -> None:
    """One picture, however coded, is nothing to learn motion from."""
    lossless = {"codec": "ffv1", "pixel_format": "bgr0"} if name == "a.mkv" else {"options": {"g": "12"}}
    still = write_video(tmp_path / name, np.repeat(FRAMES[:1], 40, axis=0), **lossless)  # type: ignore[arg-type]
    assert "Nothing moves" in refusal(still).problem


def test_range_outside(tmp_path: Path) -> None:
    """A range past the end tells the clip's length."""
    error = refusal(write_video(tmp_path / "a.mp4", FRAMES), span=Span(start=50, stop=70))
    assert "60 frames (0:60, 2.40 s)" in error.problem


def test_crop_outside(tmp_path: Path) -> None:
    """A rectangle past the edge tells the size of the upright picture."""
    film = write_video(tmp_path / "a.mp4", FRAMES, rotation=90)
    assert "48 x 64" in refusal(film, crop=Rect(x=0, y=0, width=64, height=48)).problem
    with pytest.raises(ClipError, match="48 x 64"):
        next(iter_frames(film, crop=Rect(x=0, y=0, width=64, height=48)))


def cut_off(path: Path, share: float) -> Path:
    data = path.read_bytes()
    path.write_bytes(data[: int(len(data) * share)])
    return path


def test_a_film_without_its_index(tmp_path: Path) -> None:
    """An MP4 whose index was at the lost end is called cut short."""
    film = cut_off(write_video(tmp_path / "a.mp4", FRAMES), 0.7)
    assert "cut short" in refusal(film).problem
    assert "moov" in refusal(film).problem


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("a.mp4", {"muxer": {"movflags": "+faststart"}}),
        ("a.mkv", {}),
        ("a.mkv", {"codec": "ffv1", "pixel_format": "bgr0"}),
        ("a.avi", {"codec": "mpeg4"}),
        ("a.webm", {"codec": "libvpx-vp9", "options": {"deadline": "realtime"}}),
        ("a.gif", {"codec": "gif", "pixel_format": "rgb8"}),
    ],
)
def test_a_film_without_its_end(tmp_path: Path, name: str, arguments: dict) -> None:
    """The last readable frame is named, and exactly the range that the remedy names can be read."""
    film = write_video(tmp_path / name, FRAMES, **arguments)
    whole = np.stack(list(iter_frames(film)))
    info = probe(cut_off(film, 0.7))
    assert info.truncated
    assert 16 < info.frames < 50
    error = refusal(film)
    assert "cut short" in error.problem
    assert f"--range 0:{info.frames}" in error.remedy
    assert f"frame {info.frames - 1} is the last" in error.remedy
    left = np.stack(list(iter_frames(film, span=Span(stop=info.frames))))
    assert np.array_equal(left, whole[: info.frames])
    assert "cut short" in refusal(film, span=Span(start=10, stop=info.frames + 1)).problem


def test_damage_in_the_middle(tmp_path: Path) -> None:
    """A frame that can't be decoded is named, with the range before it."""
    film = write_video(tmp_path / "a.mp4", FRAMES, options={"g": "10", "bf": "0"})
    with av.open(str(film)) as container:
        position, size = [(packet.pos, packet.size) for packet in container.demux(video=0)][31]
    data = bytearray(film.read_bytes())
    assert position is not None
    data[position + 4 : position + size] = bytes(size - 4)
    film.write_bytes(data)
    error = refusal(film)
    assert "frame 31 can't be decoded" in error.problem
    assert "--range 0:31 can be read" in error.remedy
    assert len(read_clip(film, span=Span(stop=31)).frames_thwc) == 31


def test_colours_that_cannot_be_computed(tmp_path: Path) -> None:
    """A colour matrix that isn't supported is refused by its name."""
    film = write_video(tmp_path / "a.mp4", FRAMES, tags={"colorspace": 10})
    assert "bt2020c" in refusal(film).problem


def test_a_size_that_changes(tmp_path: Path) -> None:
    """Pictures that change their size are refused, with the frame at which they do."""
    for number, side in enumerate([32] * 5 + [48] * 20):
        with av.open(str(tmp_path / f"p{number:03d}.png"), "w", format="image2pipe") as picture:
            stream = picture.add_stream("png", rate=25)
            stream.width, stream.height, stream.pix_fmt = side, side, "rgb24"
            picture.mux(stream.encode(av.VideoFrame(side, side, "rgb24")))
            picture.mux(stream.encode(None))
    with pytest.raises(ClipError, match="at frame 5"):
        read_clip(tmp_path / "p%03d.png", rate=Fraction(25))
