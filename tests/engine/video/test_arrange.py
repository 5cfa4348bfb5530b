"""Sound for a longer picture: in its place, and without a click wherever it is joined."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from support.sounds import RATE, noise, sound_of

from dtsgan.engine.video.arrange import BLOCK, FADE_S, arranged
from dtsgan.engine.video.sound import Sound

FADE = round(FADE_S * RATE)


def whole(sound: Sound, *, before: int = 0, after: int = 0, around: bool = False) -> np.ndarray:
    return np.concatenate(list(arranged(sound, before=before, after=after, around=around)), 1)


PLACES = [(0, 0), (1, 0), (0, 1), (1000, 0), (0, 1000), (30000, 70001), (FADE, FADE), (45600, 45600), (48000, 200000)]


@pytest.mark.parametrize("around", [False, True])
@pytest.mark.parametrize(("before", "after"), PLACES)
def test_the_sound_stays_in_its_place(before: int, after: int, around: bool) -> None:
    """There are as many samples as asked for, and the sound's own are unaltered but for the fades at its ends."""
    sound = sound_of(noise(2) / 32768)
    made = whole(sound, before=before, after=after, around=around)
    assert made.shape == (2, before + RATE + after)
    assert made.dtype == np.float32
    head = FADE if before or around else 0
    tail = FADE if after else 0
    kept = made[:, before : before + RATE]
    assert np.array_equal(kept[:, head : RATE - tail], sound.samples[:, head : RATE - tail])


@pytest.mark.parametrize(
    ("count", "before", "after"),
    [(count, *place) for count in (2, 3, 100, 20011, RATE) for place in PLACES if count >= 100 or sum(place) <= 1000],
)
@pytest.mark.parametrize("hertz", [55.3, 441.7])
def test_joints_do_not_click(count: int, before: int, after: int, hertz: float) -> None:
    """Nowhere, nor from the last sample to the first of a loop, is a step larger than such tones have."""
    tone = 0.5 * np.sin(2 * np.pi * hertz * np.arange(count) / RATE + 1)[None]
    made = whole(sound_of(tone), before=before, after=after, around=True)[0]
    fade = min(FADE, count // 2)
    loudest = 0.5 * 3**0.5  # where one joint lies inside another, three tones are mixed
    most = loudest * (2 * np.pi * hertz / RATE + np.pi / fade)
    assert np.abs(np.diff(made, append=made[:1])).max() < most
    assert np.abs(made).max() < loudest + 1e-6
    open_ended = whole(sound_of(tone), before=before, after=after, around=False)[0]
    assert np.abs(np.diff(open_ended)).max(initial=0) < most


@pytest.mark.parametrize(("before", "after"), [(0, 0), (0, 100000), (100000, 0), (60000, 123456)])
def test_noise_is_as_loud_in_the_joints(before: int, after: int) -> None:
    """Fades of equal power: noise is nowhere softer or louder, and its steps are no larger than elsewhere."""
    sound = sound_of(np.random.default_rng(0).normal(0, 0.1, (8, RATE)))
    made = whole(sound, before=before, after=after, around=True)
    turned = np.roll(made, 5000, 1)  # the joint of the loop, too, is somewhere inside
    power = (turned**2).mean(0)[: made.shape[1] // 400 * 400].reshape(-1, 400).mean(1) ** 0.5
    assert power == pytest.approx(0.1, rel=0.1)
    steps = np.abs(np.diff(turned)).max()
    assert steps < 1.2 * np.abs(np.diff(sound.samples)).max()


def test_blocks_are_bounded() -> None:
    """However long the whole is, the memory that it needs is that of one block and of the sound itself."""
    blocks = arranged(sound_of(noise(2) / 32768), before=10**12, after=10**12, around=True)
    for block in itertools.islice(blocks, 5):
        assert block.shape == (2, BLOCK)
