"""Measures against independent computations of the same figures."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import scipy.linalg
import scipy.signal
import scipy.stats
import torch
import torch.nn.functional as F
from pytorch_msssim import ms_ssim

from dtsgan.engine.errors import ClipError
from dtsgan.engine.metrics.diversity import grey_diversity, pairwise_lpips
from dtsgan.engine.metrics.energy import ROUNDING, seam, temporal_spectrum
from dtsgan.engine.metrics.footage import Footage
from dtsgan.engine.metrics.frechet import frechet_distance
from dtsgan.engine.metrics.lpips import Lpips
from dtsgan.engine.metrics.measures import MEASURES, Networks, UndefinedError
from dtsgan.engine.metrics.patches import DIRECTIONS, bands, novelty, patches, sliced_wasserstein
from dtsgan.engine.metrics.structure import ms_ssim_of, window_of


def made(frames: int = 24, size: tuple[int, int] = (40, 48), seed: int = 0) -> Footage:
    """Smoothed noise that moves."""
    generator = torch.Generator().manual_seed(seed)
    video = torch.rand(frames, 3, size[0] // 4, size[1] // 4, generator=generator)
    return Footage(F.interpolate(video, size, mode="bicubic").clamp(0, 1), f"made {seed}")


@pytest.mark.parametrize(("count", "dimensions"), [(50, 8), (12, 30)])
def test_frechet_distance_is_that_of_the_matrix_square_root(count: int, dimensions: int) -> None:
    """Also with fewer points than dimensions, where the covariances are singular."""
    generator = np.random.default_rng(count)
    mixing = generator.normal(size=(dimensions, dimensions))
    one = generator.normal(size=(count, dimensions)) @ mixing
    other = generator.normal(0.3, 1.5, size=(count, dimensions))
    first, second = np.cov(one.T), np.cov(other.T)
    root: Any = scipy.linalg.sqrtm(first @ second + 1e-12 * np.eye(dimensions))
    true = np.square(one.mean(0) - other.mean(0)).sum() + np.trace(first + second - 2 * root.real)
    found = frechet_distance(torch.from_numpy(one), torch.from_numpy(other))
    assert found == pytest.approx(true, rel=1e-3)
    assert frechet_distance(torch.from_numpy(one), torch.from_numpy(one)) == pytest.approx(0, abs=1e-9)


def test_sliced_wasserstein_is_scipys_distance_along_each_direction() -> None:
    """The mean of SciPy's one-dimensional distances along the same directions."""
    generator = torch.Generator().manual_seed(5)
    one, other = torch.randn(300, 7, generator=generator), 0.5 + 2 * torch.rand(300, 7, generator=generator)
    directions = F.normalize(torch.randn(7, DIRECTIONS, generator=torch.Generator().manual_seed(3)), dim=0)
    pairs = zip((one @ directions).T.numpy(), (other @ directions).T.numpy(), strict=True)
    true = np.mean([scipy.stats.wasserstein_distance(*pair) for pair in pairs])
    assert sliced_wasserstein(one, other, seed=3) == pytest.approx(true, rel=1e-5)


def test_the_bands_add_up_to_the_picture() -> None:
    """Nothing of the video is left out of the Laplacian pyramid."""
    video = made(3, (70, 64)).video_tchw
    levels = bands(video)
    assert [tuple(level.shape[2:]) for level in levels] == [(70, 64), (35, 32), (17, 16)]
    from dtsgan.engine.scales import resize

    whole = levels[-1]
    for level in reversed(levels[:-1]):
        whole = level + torch.from_numpy(resize(whole.numpy(), (level.shape[2], level.shape[3])))
    torch.testing.assert_close(whole, video)


def test_patches_are_cut_where_they_stand() -> None:
    """Each drawn patch is found at one place of the video, and a seed takes the same places of another video."""
    video = torch.arange(5 * 3 * 8 * 9, dtype=torch.float32).view(5, 3, 8, 9)
    found = patches(video, (2, 3, 4), 6, seed=1)
    assert found.shape == (6, 3 * 2 * 3 * 4)
    for patch in found:
        corner = int(patch[0])
        frame, row, column = corner // (3 * 72), corner % 72 // 9, corner % 9
        cut = video[frame : frame + 2, :, row : row + 3, column : column + 4].permute(1, 0, 2, 3)
        assert torch.equal(patch, cut.flatten())
    assert torch.equal(patches(video + 1, (2, 3, 4), 6, seed=1), found + 1)


def test_a_moved_copy_is_not_new() -> None:
    """Novelty finds pieces wherever and whenever the source has them."""
    source = made(40, (64, 72))
    moved = Footage(source.video_tchw[10:34].roll((3, -5), (2, 3)), "moved")
    assert novelty(source, Footage(source.video_tchw[5:30], "cut out")) < 0.1
    assert novelty(source, moved) < 0.25 * novelty(source, made(24, (64, 72), seed=9))


def test_ms_ssim_is_the_librarys() -> None:
    """The mean over the frames, with the window that the size allows."""
    one, other = made(10, (100, 120)), made(10, (100, 120), seed=2)
    true = ms_ssim(one.video_tchw, other.video_tchw, data_range=1, size_average=True, win_size=7)
    assert ms_ssim_of(one, other, 7) == pytest.approx(float(true), abs=1e-6)
    assert [window_of((side, 200)) for side in (32, 33, 64, 65, 96, 97, 150)] == [None, 3, 3, 5, 5, 7, 7]


def test_the_temporal_spectrum_is_scipys() -> None:
    """Welch's method, up to its scaling and the rounding noise."""
    footage = made(80)
    parts = torch.ones(footage.size_hw, dtype=torch.bool)
    window: Any = np.hanning(34)[1:-1]  # SciPy's annotations know names alone
    _, power = scipy.signal.welch(
        footage.luma.flatten(1).numpy(), window=window, nperseg=32, noverlap=16, axis=0, return_onesided=False
    )
    found = temporal_spectrum(footage.luma, parts).numpy() - ROUNDING
    np.testing.assert_allclose(found, power.mean(1)[1:17], rtol=1e-4)


def test_the_seam_of_an_exact_loop_is_an_ordinary_step() -> None:
    """A video that moves on evenly from its last frame to its first has a seam near 1, one that is cut a larger one."""
    turn = 2 * torch.pi * torch.arange(24)[:, None, None] / 24
    phase = torch.rand(20, 20, generator=torch.Generator().manual_seed(0)) * 6.28
    video = (0.5 + 0.4 * torch.sin(turn + phase))[:, None].expand(24, 3, 20, 20)
    loop = Footage(video, "loop")
    assert seam(loop, loop) == pytest.approx(1, abs=0.1)
    assert seam(loop, Footage(video[:12], "cut")) > 5


def test_diversity_grows_with_the_difference_of_results(networks: Networks) -> None:
    """Equal results have none; a pair's LPIPS is the mean over its frames."""
    source = made()
    near = Footage((source.video_tchw + 0.02).clamp(0, 1), "near")
    far = made(seed=4)
    assert grey_diversity(source, [source, source]) == 0
    assert 0 < grey_diversity(source, [source, near]) < grey_diversity(source, [source, far])
    lpips = Lpips()
    both = [float(lpips(one.video_tchw, far.video_tchw).mean()) for one in (source, near)]
    both.append(float(lpips(source.video_tchw, near.video_tchw).mean()))
    assert pairwise_lpips(networks.lpips, [source, near, far]) == pytest.approx(sum(both) / 3, rel=1e-4)


def test_what_has_no_value_says_why(networks: Networks) -> None:
    """A still picture has no smoothness, a tiny one no structure: no silent number."""
    by_key = {measure.key: measure for measure in MEASURES}
    source = made()
    still = Footage(source.video_tchw[:1].expand(24, -1, -1, -1), "still")
    with pytest.raises(UndefinedError, match="first and last"):
        by_key["smoothness"].compute(source, still, networks)
    tiny = made(size=(32, 32))
    with pytest.raises(UndefinedError, match="more than 32 px"):
        by_key["ms_ssim"].compute(tiny, tiny, networks)


def test_nothing_can_be_measured_on_one_colour_or_on_what_is_no_number() -> None:
    """The error names the video."""
    with pytest.raises(ClipError, match=r"Every pixel of grey\.mp4 has the same colour"):
        Footage(torch.full((16, 3, 20, 20), 0.5), "grey.mp4")
    broken = torch.rand(16, 3, 20, 20)
    broken[3, 1, 4, 5] = torch.nan
    with pytest.raises(ClipError, match=r"broken\.mp4 holds values that are not numbers"):
        Footage(broken, "broken.mp4")
