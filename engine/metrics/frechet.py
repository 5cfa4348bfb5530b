"""The Frechet distance between two sets of pictures, by the features of a network trained on ImageNet."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch

if TYPE_CHECKING:
    from torch import Tensor


def frechet_distance(mine_nd: Tensor, true_nd: Tensor) -> float:
    """Between the normal distributions with the means and covariances of two sets of features (Heusel et al., 2017).

    The trace of the covariances' geometric mean is the sum of the singular values of the product of both centred sets:
    exact, and with fewer frames than features far cheaper and steadier than the root of a singular matrix.
    """
    mine, true = mine_nd.double(), true_nd.double()
    mine_centred, true_centred = (points - points.mean(0) for points in (mine, true))
    mine_n, true_n = len(mine) - 1, len(true) - 1
    variances = mine_centred.square().sum() / mine_n + true_centred.square().sum() / true_n
    common = torch.linalg.svdvals(mine_centred @ true_centred.T).sum() / (mine_n * true_n) ** 0.5
    return max(0.0, float((mine.mean(0) - true.mean(0)).square().sum() + variances - 2 * common))
