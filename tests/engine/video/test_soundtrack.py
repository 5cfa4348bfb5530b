"""Sound is written beside the picture, as long as it and at its place."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from av.audio.layout import AudioLayout
from support.sounds import LAYOUTS, RATE, chirp, lag, noise, track
from support.videos import texture
from support.writing import everything, write

from dtsgan.engine.errors import OutputError
from dtsgan.engine.video.outputs import SPARE_BYTES, check_output
from dtsgan.engine.video.probe import probe
from dtsgan.engine.video.sound import read_sound
from dtsgan.engine.video.soundtrack import SoundTrack
from dtsgan.engine.video.writer import open_output

NTSC = Fraction(24000, 1001)
FRAMES = texture(25, (16, 24))
BASIC: dict[str, Any] = {"size_hw": (16, 24), "rate": Fraction(25)}


@pytest.mark.parametrize("rate", [Fraction(25), NTSC, Fraction(12)])
@pytest.mark.parametrize(
    ("name", "codec", "samples", "source_rate", "written_rate"),
    [
        ("a.mp4", "aac", noise(2, 3), 48000, 48000),
        ("a.mp4", "aac", noise(6, 3), 48000, 48000),
        ("a.mp4", "aac", noise(8, 3), 48000, 48000),
        ("a.mp4", "aac", noise(1, 3, 44100), 44100, 44100),
        ("a.mp4", "aac", noise(2, 3, 192000), 192000, 96000),
        ("a.mp4", "aac", noise(1, 3, 8000), 8000, 8000),
        ("a.mov", "pcm_s16le", noise(2, 3), 48000, 48000),
        ("a.mov", "pcm_s16le", noise(6, 3, 96000), 96000, 96000),
        ("a.mkv", "flac", noise(2, 3), 48000, 48000),
        ("a.mkv", "flac", noise(8, 3, 44100), 44100, 44100),
        ("a.webm", "opus", noise(2, 3), 48000, 48000),
        ("a.webm", "opus", noise(1, 3, 44100), 44100, 48000),
        ("a.webm", "opus", noise(6, 3, 32000), 32000, 48000),
    ],
)
def test_sound_is_as_long_as_the_picture(
    tmp_path: Path, *, rate: Fraction, name: str, codec: str, samples: np.ndarray, source_rate: int, written_rate: int
) -> None:
    """Each container has its codec; the sound begins and ends with the picture, which is what it is without sound."""
    path = write(tmp_path / name, FRAMES, rate=rate, sound=track(samples, source_rate))
    long_s = len(FRAMES) / rate
    info = probe(path)
    assert (info.frames, info.rate, info.vfr, info.start_s, info.has_audio) == (25, rate, False, 0, True)
    with av.open(str(path)) as container:
        stream = container.streams.audio[0]
        assert (stream.codec_context.codec.canonical_name, stream.rate) == (codec, written_rate)
        assert stream.layout.nb_channels == len(samples)
        assert stream.start_time == 0
        if name.endswith(("mp4", "mov")):  # the edit list cuts AAC's last packet off at the sample
            assert stream.duration == int(long_s * written_rate)
        last = [packet for packet in container.demux(stream) if packet.size][-1]
        assert last.pts is not None
        ends_s = (last.pts + (last.duration or 0)) * last.time_base
        assert ends_s <= long_s + (Fraction(3, 2000) if name.endswith(("mkv", "webm")) else 0)  # stamps in ms
    with av.open(str(path)) as container:
        decoded = sum(frame.samples for frame in container.decode(audio=0))
    padding = 1023 if codec == "aac" else 0  # FFmpeg, unlike players, shows what the edit list cuts off
    assert 0 <= decoded - int(long_s * written_rate) <= padding
    sound = read_sound(path, start_s=Fraction(0), stop_s=long_s)
    assert sound is not None
    assert sound.layout == LAYOUTS[len(samples)]
    if codec in ("flac", "pcm_s16le"):
        count = int(long_s * written_rate)
        assert np.array_equal(sound.samples[:, :count] * 32768, samples[:, :count])


@pytest.mark.parametrize(("name", "rate"), [("a.mp4", 48000), ("a.mp4", 44100), ("a.webm", 48000), ("a.webm", 44100)])
def test_lossy_sound_keeps_its_place(tmp_path: Path, name: str, rate: int) -> None:
    """What the codecs put before the first sample is hidden: a chirp comes back at its moment."""
    samples = chirp(1, rate)
    path = write(tmp_path / name, FRAMES, sound=track(samples, rate))
    sound = read_sound(path, start_s=Fraction(1, 5), stop_s=Fraction(4, 5))
    assert sound is not None
    place_s = np.arange(round(0.6 * sound.rate)) / sound.rate + 0.2
    expected = np.interp(place_s, np.arange(rate) / rate, samples[0] / 32768)
    assert abs(lag(sound.samples[0], expected)) <= 3
    assert np.corrcoef(sound.samples[0], expected)[0, 1] > 0.99


def test_twenty_four_bits_stay_in_mkv(tmp_path: Path) -> None:
    """FLAC keeps what a fade or a deeper source has below 16 bits."""
    samples = np.random.default_rng(0).integers(-(1 << 22), 1 << 22, (2, RATE)).astype(np.float32) / (1 << 23)
    path = write(tmp_path / "a.mkv", FRAMES, sound=SoundTrack(blocks=[samples], rate=RATE, layout="stereo"))
    sound = read_sound(path, start_s=Fraction(0), stop_s=Fraction(1))
    assert sound is not None
    assert np.array_equal(sound.samples, samples)


@pytest.mark.parametrize("name", ["a.mp4", "a.mov", "a.mkv", "a.webm"])
def test_the_same_sound_makes_the_same_bytes(tmp_path: Path, name: str) -> None:
    """Whenever it is written."""
    (tmp_path / "again").mkdir()
    first, again = (
        write(folder / name, FRAMES, sound=track(noise(2, rate=44100), 44100))
        for folder in (tmp_path, tmp_path / "again")
    )
    assert first.read_bytes() == again.read_bytes()


def test_sound_is_pulled_as_frames_are_written(tmp_path: Path) -> None:
    """Never more than the picture needs so far and one block, so that an endless sound needs no memory."""
    pulled = 0

    def blocks() -> Iterator[np.ndarray]:
        nonlocal pulled
        while True:
            pulled += 1000
            yield np.zeros((2, 1000), np.float32)

    with open_output(
        tmp_path / "a.mkv", **BASIC, sound=SoundTrack(blocks=blocks(), rate=RATE, layout="stereo")
    ) as writer:
        for number, frame in enumerate(FRAMES, 1):
            writer.write(frame)
            assert number * 1920 - 1000 <= pulled <= number * 1920 + 1000


@pytest.mark.parametrize("name", ["a.mp4", "a.mov", "a.mkv", "a.webm"])
@pytest.mark.parametrize("count", [0, 1, 700, 20000])
def test_a_short_sound_ends_early(tmp_path: Path, name: str, count: int) -> None:
    """The picture goes on without it."""
    path = write(tmp_path / name, FRAMES, sound=track(noise(2)[:, :count]))
    assert probe(path).frames == 25
    sound = read_sound(path, start_s=Fraction(0), stop_s=Fraction(1))
    assert sound is None or not sound.samples[:, 24000:].any()


@pytest.mark.parametrize("name", ["a.gif", "a.webp", "folder", "p_%03d.png"])
def test_formats_without_sound_say_so(tmp_path: Path, name: str) -> None:
    """The picture is written as without sound, none is pulled, and the person is told which format can't."""
    what = Path(name).suffix if name in ("a.gif", "a.webp") else "pictures"
    with open_output(tmp_path / name, **BASIC, sound=track(noise())) as writer:
        for frame in FRAMES:
            writer.write(frame)
    assert writer.notices == (f"{name} has no sound: {what} can't carry it.",)
    assert check_output(tmp_path / name, **BASIC, overwrite=True).notices == ()
    (tmp_path / "without").mkdir()
    path = tmp_path / name if name != "p_%03d.png" else tmp_path / "p_001.png"
    write(tmp_path / "without" / name, FRAMES)
    if path.is_file():
        assert path.read_bytes() == (tmp_path / "without" / path.name).read_bytes()


@pytest.mark.parametrize("name", ["a.mp4", "a.mov", "a.mkv", "a.webm"])
def test_formats_with_sound_say_nothing(tmp_path: Path, name: str) -> None:
    """There is nothing to tell, and the space that sound needs is reckoned with."""
    plan = check_output(tmp_path / name, **BASIC, sound=True)
    assert plan.notices == ()
    assert plan.sound is not None
    without, path = write(tmp_path / f"b{name}", FRAMES), write(tmp_path / name, FRAMES, sound=track(noise(6)))
    assert path.stat().st_size - without.stat().st_size < plan.sound.bytes_a_second + SPARE_BYTES // 1000


def test_what_the_encoder_refuses_is_an_output_error(tmp_path: Path) -> None:
    """Nothing is left of the file."""
    blocks = [np.zeros((AudioLayout("octagonal").nb_channels, RATE), np.float32)]
    with pytest.raises(OutputError, match=r"a\.webm could not be written"):
        write(tmp_path / "a.webm", FRAMES, sound=SoundTrack(blocks=blocks, rate=RATE, layout="octagonal"))
    assert everything(tmp_path) == []


def test_wrong_blocks_are_a_programming_error(tmp_path: Path) -> None:
    """Blocks of other channels or another type than the track's raise ValueError and leave nothing."""
    for block in (np.zeros((1, 100), np.float32), np.zeros((2, 100))):
        with pytest.raises(ValueError, match=r"expected float32 \(2, n\)"):
            write(tmp_path / "a.mp4", FRAMES, sound=SoundTrack(blocks=[block], rate=RATE, layout="stereo"))
    assert everything(tmp_path) == []
