"""The resumable state of an interrupted learning: weights, optimisers, and where it stood."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import torch

from ..container import read_container, write_container
from ..errors import ModelFileError, OptionError

if TYPE_CHECKING:
    from pathlib import Path

    from torch import nn

KIND = "learning state"
VERSION = 1


def pack_trainer(modules: dict[str, nn.Module], optimisers: dict[str, torch.optim.Optimizer]) -> dict[str, np.ndarray]:
    """All that changes in training a scale, as arrays."""
    arrays = {
        f"module.{key}.{name}": value.detach().cpu().numpy()
        for key, module in modules.items()
        for name, value in module.state_dict().items()
    }
    for key, optimiser in optimisers.items():
        for index, state in optimiser.state_dict()["state"].items():
            arrays |= {f"adam.{key}.{index}.{name}": value.cpu().numpy() for name, value in state.items()}
    return arrays


def unpack_trainer(
    arrays: dict[str, np.ndarray], modules: dict[str, nn.Module], optimisers: dict[str, torch.optim.Optimizer]
) -> None:
    """Put arrays of :func:`pack_trainer` back. Raises KeyError, RuntimeError or ValueError where they don't fit."""
    for key, module in modules.items():
        prefix = f"module.{key}."
        module.load_state_dict({n.removeprefix(prefix): _tensor(a) for n, a in arrays.items() if n.startswith(prefix)})
    for key, optimiser in optimisers.items():
        prefix = f"adam.{key}."
        states: dict[int, dict[str, torch.Tensor]] = {}
        for name, array in arrays.items():
            if name.startswith(prefix):
                index, field = name.removeprefix(prefix).split(".")
                states.setdefault(int(index), {})[field] = _tensor(array)
        optimiser.load_state_dict(optimiser.state_dict() | {"state": states})


def write_state(path: Path, *, identity: dict[str, Any], place: dict[str, Any], arrays: dict[str, np.ndarray]) -> None:
    """``identity`` says what is being learned, ``place`` how far it is."""
    write_container(path, kind=KIND, version=VERSION, header={"identity": identity, "place": place}, tensors=arrays)


def read_state(path: Path, *, identity: dict[str, Any]) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
    """(place, arrays) of a state. Raises ModelFileError for a damaged one, OptionError where it belongs elsewhere."""
    header, arrays = read_container(path, kind=KIND, version=VERSION)
    before, place = header.get("identity"), header.get("place")
    if not isinstance(before, dict) or not isinstance(place, dict):
        raise ModelFileError(f"{path} is not a learning state of this version.", remedy="Add --restart.")
    other = [name for name in identity if before.get(name) != identity[name]]
    if other:
        raise OptionError(
            f"{path} is an interrupted learning with another {', '.join(other).replace('_', ' ')}.",
            remedy="Give the same clip and options to go on with it, another -o to keep it, or --restart to forget it.",
        )
    return place, arrays


def _tensor(array: np.ndarray) -> torch.Tensor:
    return torch.from_numpy(array.copy())
