"""Sound is read at the right place, and what can't be read is silence."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from support.sounds import LAYOUTS, RATE, chirp, lag, noise
from support.videos import texture, with_sound, write_video
from support.writing import write

from dtsgan.engine.errors import ClipError
from dtsgan.engine.video import sound as module
from dtsgan.engine.video.sound import read_sound
from dtsgan.engine.video.source import open_source

FRAMES = texture(25, (16, 24))


@pytest.fixture(name="film", scope="module")
def fixture_film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A second of picture."""
    return write_video(tmp_path_factory.mktemp("film") / "film.mp4", FRAMES)


@pytest.fixture(name="long_film", scope="module")
def fixture_long_film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Twelve seconds of picture."""
    return write_video(tmp_path_factory.mktemp("film") / "film.mp4", texture(12 * 25, (16, 24)))


@pytest.mark.parametrize("name", ["a.mov", "a.mkv", "a.avi"])
@pytest.mark.parametrize("channels", [1, 2, 6, 8])
def test_samples_are_read_exactly(tmp_path: Path, film: Path, name: str, channels: int) -> None:
    """Every sample of every channel of lossless sound, with its rate and its layout."""
    layout = LAYOUTS[channels]
    samples = noise(channels, rate=44100)
    if name == "a.avi":
        film = write_video(tmp_path / "film.avi", FRAMES, codec="mpeg4")
    path = with_sound(film, tmp_path / name, samples, rate=44100, layout=layout)
    sound = read_sound(path, start_s=Fraction(0), stop_s=Fraction(1))
    assert sound is not None
    assert (sound.rate, sound.layout, sound.notices, sound.samples.dtype) == (44100, layout, (), np.float32)
    assert np.array_equal(sound.samples * 32768, samples)


@pytest.mark.parametrize(
    ("name", "codec"),
    [("a.mov", "pcm_s16le"), ("a.mp4", "aac"), ("a.mkv", "flac"), ("a.ts", "aac"), ("a.webm", "libopus")],
)
@pytest.mark.parametrize("frame", [0, 5, 40, 190])
@pytest.mark.parametrize("lead_s", [2, 20])
def test_a_range_has_its_own_sound(
    tmp_path: Path,
    long_film: Path,
    monkeypatch: pytest.MonkeyPatch,
    *,
    name: str,
    codec: str,
    frame: int,
    lead_s: int,
) -> None:
    """What sounds while a frame is shown is at that frame's time to a millisecond, wherever the file's clock begins.

    Also after seeking, and to the sample where stamps or decoding from the beginning are as exact.
    """
    monkeypatch.setattr(module, "LEAD_S", lead_s)
    samples = chirp(12)
    if name == "a.webm":
        long_film = write_video(tmp_path / "vp9.webm", texture(300, (16, 24)), codec="libvpx-vp9")
    path = with_sound(long_film, tmp_path / name, samples, codec=codec)
    index = open_source(path).index
    start_s = index.time_s(frame)
    sound = read_sound(path, start_s=start_s, stop_s=start_s + 1)
    assert sound is not None
    assert sound.samples.shape == (1, RATE)
    begin = round((start_s - index.start_s) * RATE)
    expected = samples[0, begin : begin + RATE] / 32768
    assert abs(lag(sound.samples[0], expected)) <= RATE // 1000
    if name == "a.mov" or (name == "a.mkv" and lead_s == 20):
        assert np.array_equal(sound.samples[0], expected.astype(np.float32))


def test_a_seek_that_leads_too_far_is_done_without(
    tmp_path: Path, long_film: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where a file is sought in and what comes is later than what is wanted, it is read from its beginning."""
    path = with_sound(long_film, tmp_path / "a.mov", noise(seconds=12))
    monkeypatch.setattr(module, "LEAD_S", -2)
    sound = read_sound(path, start_s=Fraction(7), stop_s=Fraction(10))
    assert sound is not None
    assert np.array_equal(sound.samples * 32768, noise(seconds=12)[:, 7 * RATE : 10 * RATE])


def test_a_clock_that_begins_late_is_that_of_the_picture(tmp_path: Path, film: Path) -> None:
    """Picture and sound stamped from two seconds on are at two seconds, not at none."""
    path = with_sound(film, tmp_path / "a.mkv", noise(), at_s=Fraction(2), delay_s=Fraction(2))
    assert open_source(path).index.time_s(0) == 2
    sound = read_sound(path, start_s=Fraction(2), stop_s=Fraction(3))
    assert sound is not None
    assert np.array_equal(sound.samples * 32768, noise())


def test_where_there_is_no_sound_is_silence(tmp_path: Path, film: Path) -> None:
    """A sound that begins late and ends early keeps its place, to the sample."""
    path = with_sound(film, tmp_path / "a.mkv", noise(seconds=0.4), at_s=Fraction(1, 4))
    sound = read_sound(path, start_s=Fraction(0), stop_s=Fraction(1))
    assert sound is not None
    assert np.array_equal(sound.samples[:, 12000:31200] * 32768, noise(seconds=0.4))
    assert not sound.samples[:, :12000].any()
    assert not sound.samples[:, 31200:].any()
    beyond = read_sound(path, start_s=Fraction(7), stop_s=Fraction(8))
    assert beyond is not None
    assert not beyond.samples.any()


def test_a_gap_is_silence(tmp_path: Path, film: Path) -> None:
    """What follows lost packets stays where it belongs."""
    samples = noise()
    path = with_sound(film, tmp_path / "a.mkv", samples, codec="flac", lost=range(3, 5))
    sound = read_sound(path, start_s=Fraction(0), stop_s=Fraction(1))
    assert sound is not None
    first, end = 3 * 4608, 5 * 4608
    assert not sound.samples[:, first:end].any()
    assert np.array_equal(
        np.delete(sound.samples[0] * 32768, np.s_[first:end]), np.delete(samples[0], np.s_[first:end])
    )


def test_damaged_sound_is_silent_and_told(tmp_path: Path, film: Path) -> None:
    """What can't be decoded is silence; the rest is read."""
    path = with_sound(film, tmp_path / "a.mkv", noise(2, 3), layout="stereo", codec="flac")
    data = bytearray(path.read_bytes())
    with av.open(str(path)) as container:
        packets = [bytes(packet) for packet in container.demux(audio=0) if packet.size]
    place = data.find(packets[4])
    data[place : place + 100] = bytes(100)
    path.write_bytes(data)
    sound = read_sound(path, start_s=Fraction(0), stop_s=Fraction(3))
    assert sound is not None
    assert sound.notices == ("Part of the sound of a.mkv can't be decoded and is silent.",)
    assert not sound.samples[:, 4 * 4608 : 5 * 4608].any()
    assert np.array_equal(sound.samples[:, 5 * 4608 :] * 32768, noise(2, 3)[:, 5 * 4608 :])
    other = read_sound(path, start_s=Fraction(1), stop_s=Fraction(2))
    assert other is not None
    assert not other.notices


def test_sound_that_cannot_be_decoded_at_all(tmp_path: Path, film: Path) -> None:
    """It is as long as asked, silent, and the person is told."""
    path = with_sound(film, tmp_path / "a.mkv", noise(2), layout="stereo", codec="flac")
    data = bytearray(path.read_bytes())
    with av.open(str(path)) as container:
        packets = [bytes(packet) for packet in container.demux(audio=0) if packet.size]
    for packet in packets:
        place = data.find(packet)
        data[place : place + len(packet)] = bytes(len(packet))
    path.write_bytes(data)
    sound = read_sound(path, start_s=Fraction(0), stop_s=Fraction(1))
    assert sound is not None
    assert sound.notices == ("The sound of a.mkv can't be decoded, so it is silent.",)
    assert sound.samples.shape == (2, RATE)
    assert not sound.samples.any()


def test_unusual_channels_become_stereo(tmp_path: Path, film: Path) -> None:
    """Four channels are mixed, no louder than full, and the person is told; those of 5.1 at the sides are kept."""
    loud = np.full((4, RATE), 30000, np.int16)
    sound = read_sound(
        with_sound(film, tmp_path / "a.mov", loud, layout="quad"), start_s=Fraction(0), stop_s=Fraction(1)
    )
    assert sound is not None
    assert (sound.layout, len(sound.samples)) == ("stereo", 2)
    assert sound.samples == pytest.approx(30000 / 32768)
    assert sound.notices == ("The sound of a.mov has channels that can't be kept; it was mixed to stereo.",)
    path = with_sound(film, tmp_path / "b.mkv", noise(6), layout="5.1(side)", codec="flac")
    sound = read_sound(path, start_s=Fraction(0), stop_s=Fraction(1))
    assert sound is not None
    assert (sound.layout, sound.notices) == ("5.1", ())
    assert np.array_equal(sound.samples * 32768, noise(6))


def test_no_sound(tmp_path: Path, film: Path) -> None:
    """A film without sound and pictures have none; what is missing is an error."""
    assert read_sound(film, start_s=Fraction(0), stop_s=Fraction(1)) is None
    for name in ("folder", "p_%03d.png"):
        path = write(tmp_path / name, FRAMES[:3])
        assert read_sound(path, start_s=Fraction(0), stop_s=Fraction(1)) is None
    with pytest.raises(ClipError, match="does not exist"):
        read_sound(tmp_path / "none.mp4", start_s=Fraction(0), stop_s=Fraction(1))


def test_memory_is_limited(tmp_path: Path, film: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """More sound than the memory may hold is refused, with both figures."""
    path = with_sound(film, tmp_path / "a.mov", noise())
    monkeypatch.setattr(module, "MAX_BYTES", 4 * RATE - 1)
    with pytest.raises(ClipError, match=r"takes 0.00 GB .* more than 0.00 GB"):
        read_sound(path, start_s=Fraction(0), stop_s=Fraction(1))
    assert read_sound(path, start_s=Fraction(0), stop_s=Fraction(1, 2)) is not None
