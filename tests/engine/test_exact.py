from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from dtsgan.engine import exact
from dtsgan.engine.detail.descriptors import DIGIT, Descriptors
from dtsgan.engine.exact import STEP, product, rounded

ROOT = Path(__file__).parents[2]

MAKING = """
import hashlib
import numpy as np
from dtsgan.engine.detail import DetailTransfer
from dtsgan.engine.noise import generator_for
from dtsgan.engine.prior import Draw, MotionPrior
from dtsgan.engine.scales import resize

def digest(array):
    return hashlib.sha256(np.ascontiguousarray(array).tobytes()).hexdigest()[:16]

grown = resize(generator_for("test").standard_normal((60, 3, 12, 16)).cumsum(0) / 4, (96, 128))
clip = np.moveaxis((grown * 25 + 128).clip(0, 255).astype(np.uint8), 1, 3)
small = np.ascontiguousarray(clip[:, ::2, ::2])
prior = MotionPrior(small)
video = prior.video(range(-4, 40), Draw(seed=3))
labels = DetailTransfer(clip, base_hw=small.shape[1:3]).labels(video)
print(digest(video), digest(labels), len(np.unique(labels)))
"""

LIBRARIES = {
    "without AVX": {
        "OPENBLAS_CORETYPE": "Nehalem",
        "NPY_DISABLE_CPU_FEATURES": "AVX2 FMA3 AVX512F AVX512CD AVX512_SKX X86_V3 X86_V4 AVX512_ICL AVX512_SPR",
    },
    "AVX": {"OPENBLAS_CORETYPE": "Sandybridge"},
    "AVX2": {"OPENBLAS_CORETYPE": "Haswell", "NPY_DISABLE_CPU_FEATURES": "AVX512F AVX512CD AVX512_SKX X86_V4"},
}
"""How other processors work, as far as that can be set from outside."""


def made(settings: dict[str, str]) -> str:
    done = subprocess.run(
        [sys.executable, "-c", MAKING], env=os.environ | settings, capture_output=True, text=True, check=True, cwd=ROOT
    )
    return done.stdout


def test_other_processors_choose_the_same() -> None:
    """To the bit: the small video, and from where in the source each place of the large one is taken."""
    here = made({})
    assert int(here.split()[-1]) > 10
    assert {name: made(settings) for name, settings in LIBRARIES.items()} == dict.fromkeys(LIBRARIES, here)


def test_a_product_is_exact() -> None:
    """As in whole numbers, of however many rows it is made, and wherever they stand."""
    generator = np.random.default_rng(0)
    one, other = generator.integers(-(2**20), 2**20, (40, 300)), generator.integers(-(2**22), 2**22, (300, 5000))
    one[:, 100:200] = 0
    true = ((one @ other).astype(np.float64) * STEP**2).astype(np.float32)
    rows, wide = (whole * np.float32(STEP) for whole in (one.astype(np.float32), other.astype(np.float32)))
    np.testing.assert_array_equal(product(rows, wide), true)
    for some in ([3], [39, 0, 7], range(5, 30)):
        np.testing.assert_array_equal(product(rows[some], wide), true[some])
    assert other.shape[1] > exact.COLUMNS


@pytest.mark.parametrize("kind", [np.float32, np.float64])
def test_rounding(kind: type[np.floating]) -> None:
    """To the nearest multiple, where the numbers are."""
    values = np.array([0.3, -0.13, 0.126, 5.0], kind)
    assert rounded(values, 0.25) is values
    assert values.tolist() == [0.25, -0.25, 0.25, 5.0]


def test_descriptors_multiply_exactly() -> None:
    """Sums of their products come out in single precision as they do in double, in any order: searching is exact."""
    video = np.random.default_rng(1).random((20, 3, 24, 32)).astype(np.float32) * 2 - 1
    described = Descriptors(video)(video).reshape(-1, 24)
    np.testing.assert_array_equal(described / DIGIT, np.rint(described / DIGIT))
    true = described[:500].astype(np.float64) @ described.astype(np.float64).T
    np.testing.assert_array_equal(described[:500] @ described.T, true.astype(np.float32))
    assert (true == true.astype(np.float32)).all()
    backwards = np.ascontiguousarray(described[:, ::-1])
    np.testing.assert_array_equal(backwards[:500] @ backwards.T, described[:500] @ described.T)
