"""Each measure moves the right way when real footage is spoiled."""

from __future__ import annotations

import pytest
from support.damage import DAMAGES, STRENGTHS

from dtsgan.engine.metrics.footage import Footage
from dtsgan.engine.metrics.measures import MEASURES, Networks

BY_KEY = {measure.key: measure for measure in MEASURES}

SEEN = {
    "blur": ("patches", "motion", "sharpness", "spectrum", "ms_ssim", "lpips", "frechet"),
    "noise": ("patches", "motion", "sharpness", "spectrum", "ms_ssim", "lpips"),
    "jpeg": ("patches", "ms_ssim", "lpips", "frechet"),
    "frozen": ("patches", "motion", "spectrum", "ms_ssim", "lpips", "frechet"),
    "shuffled": ("patches", "motion", "spectrum", "lpips"),
    "flash": ("motion", "smoothness", "lpips"),
    "colour": ("patches", "ms_ssim", "lpips", "frechet"),
    "seam": ("seam",),
    "copied": ("novelty",),
}


def test_every_measure_sees_something() -> None:
    """The table above leaves no measure out, but for FID, whose weights can't be had here."""
    assert {key for keys in SEEN.values() for key in keys} == set(BY_KEY) - {"fid"}


@pytest.mark.parametrize(("damage", "key"), [(damage, key) for damage, keys in SEEN.items() for key in keys])
def test_the_worse_the_damage_the_worse_the_figure(real: Footage, networks: Networks, damage: str, key: str) -> None:
    """Three strengths of a damage are ranked in their order, and below the footage itself."""
    measure, video = BY_KEY[key], real.video_tchw
    source = Footage(video[: len(video) // 2], "known half") if damage == "copied" else real
    spoiled = [Footage(DAMAGES[damage](video, strength), damage) for strength in STRENGTHS]
    found = [measure.badness(measure.value(source, footage, networks)) for footage in spoiled]
    if damage not in ("seam", "copied"):  # a cut piece of footage is no loop, and is a copy of itself
        found.insert(0, measure.badness(measure.value(source, real, networks)))
    assert found == sorted(set(found)), found
