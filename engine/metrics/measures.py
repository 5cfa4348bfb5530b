"""Every measure: what it is, which direction is better, and what it does not see."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Literal

from torch import Tensor

from .efficientnet import EfficientNetLite0
from .energy import motion_ratio, seam, sharpness_ratio, spectrum_distance
from .footage import Footage
from .frechet import frechet_distance
from .inception import FidInception
from .lpips import Lpips
from .patches import novelty, patch_distances
from .structure import ms_ssim_of, window_of
from .weights import ALEXNET, EFFICIENTNET

Better = Literal["higher", "lower", "near 1"]


class UndefinedError(Exception):
    """A measure has no value for this video; the message says why."""


class Networks:
    """The networks that measures use, each loaded once, when first asked for."""

    def __init__(self, *, inception: Path | None = None) -> None:
        self.inception_file = inception

    @cached_property
    def lpips(self) -> Lpips:
        return Lpips()

    @cached_property
    def _efficientnet(self) -> EfficientNetLite0:
        return EfficientNetLite0()

    @cached_property
    def _inception(self) -> FidInception:
        assert self.inception_file is not None
        return FidInception(self.inception_file)

    def efficientnet_features(self, footage: Footage) -> Tensor:
        return footage.once("efficientnet", lambda: self._efficientnet(footage.video_tchw))

    def inception_features(self, footage: Footage) -> Tensor:
        return footage.once("inception", lambda: self._inception(footage.video_tchw))


@dataclass(frozen=True, kw_only=True)
class Measure:
    """``compute`` takes (source, result, networks) and gives a figure, or one a scale, finest first: the mean counts.

    ``halves`` says that it is applied to corresponding halves of both and averaged, so that real footage, the source's
    second half against its first, is judged alike.
    """

    key: str
    label: str
    better: Better
    definition: str
    source: str
    unseen: str
    compute: Callable[[Footage, Footage, Networks], float | list[float]] = field(repr=False)
    halves: bool = True
    needs: str | None = None

    def scales(self, pairs: Sequence[tuple[Footage, Footage]], networks: Networks) -> tuple[float, ...]:
        """One figure a scale, the mean over pairs of (result, source). Raises UndefinedError."""
        found = [self.compute(source, made, networks) for made, source in pairs]
        by_scale = [value if isinstance(value, list) else [value] for value in found]
        return tuple(self.mean(values) for values in zip(*by_scale, strict=True))

    def value(self, source: Footage, made: Footage, networks: Networks) -> float:
        """Of one result as a whole. Raises UndefinedError."""
        return self.mean(self.scales([(made, source)], networks))

    def mean(self, values: Sequence[float]) -> float:
        """Of halves or scales; ratios by their logarithms."""
        if self.better == "near 1":
            return math.exp(sum(math.log(max(value, 1e-9)) for value in values) / len(values))
        return sum(values) / len(values)

    def badness(self, value: float) -> float:
        """Lower is better, whatever the measure's own direction."""
        if self.better == "near 1":
            return abs(math.log(max(value, 1e-9)))
        return -value if self.better == "higher" else value


def available(*, inception: Path | None = None) -> tuple[tuple[Measure, ...], tuple[str, ...]]:
    """The measures that can be computed here, and the networks whose weights are missing."""
    files = {ALEXNET.network: ALEXNET, EFFICIENTNET.network: EFFICIENTNET}
    missing = tuple(name for name, file in files.items() if file.find() is None)
    absent = {*missing, *(() if inception else ("Inception",))}
    return tuple(measure for measure in MEASURES if measure.needs not in absent), missing


def _ms_ssim(source: Footage, made: Footage, networks: Networks) -> float:  # noqa: ARG001
    window = window_of(source.size_hw)
    if window is None:
        raise UndefinedError("its short side needs more than 32 px")
    return ms_ssim_of(source, made, window)


def _lpips(source: Footage, made: Footage, networks: Networks) -> float:
    return float(networks.lpips(made.video_tchw, source.video_tchw).mean())


def _smoothness(source: Footage, made: Footage, networks: Networks) -> float:  # noqa: ARG001  # made is judged alone
    steps = networks.lpips.steps(made.video_tchw)
    whole = networks.lpips(made.video_tchw[:1], made.video_tchw[-1:])
    if float(whole) < 1e-6:
        raise UndefinedError("its first and last frames are equal")
    return float((steps / whole).std(correction=0))


def _efficientnet(source: Footage, made: Footage, networks: Networks) -> float:
    return frechet_distance(networks.efficientnet_features(made), networks.efficientnet_features(source))


def _inception(source: Footage, made: Footage, networks: Networks) -> float:
    return frechet_distance(networks.inception_features(made), networks.inception_features(source))


MEASURES = (
    Measure(
        key="patches",
        label="patches",
        better="lower",
        definition="Sliced Wasserstein distance of 3x7x7 space-time patches, in bands of a Laplacian pyramid, each "
        "over the deviation of the source's patches; mean over the bands.",
        source="Karras et al., 2018, section 5, in space and time",
        unseen="Anything longer than 3 frames or wider than 7 px of a band; whether the result is a copy.",
        compute=lambda source, made, _: patch_distances(source, made),
    ),
    Measure(
        key="motion",
        label="motion",
        better="near 1",
        definition="Mean squared change of luma from frame to frame in the source's moving parts, over the source's.",
        source="the energy of optical flow's data term",
        unseen="How things move; grain and flicker count as motion.",
        compute=lambda source, made, _: motion_ratio(source, made),
    ),
    Measure(
        key="sharpness",
        label="sharpness",
        better="near 1",
        definition="Mean squared Laplacian of luma in the source's moving parts, over the source's.",
        source="Pech-Pacheco et al., 2000 (energy of the Laplacian)",
        unseen="Grain counts as sharpness; time.",
        compute=lambda source, made, _: sharpness_ratio(source, made),
    ),
    Measure(
        key="spectrum",
        label="spectrum",
        better="lower",
        definition="RMS difference, in dB, of the temporal power spectra of luma in the source's moving parts (Welch, "
        "segments of at most 32 frames).",
        source="Welch, 1967",
        unseen="Space: how neighbouring pixels move together; the mean picture.",
        compute=lambda source, made, _: spectrum_distance(source, made),
    ),
    Measure(
        key="novelty",
        label="novelty",
        better="higher",
        definition="RMS difference, in levels, of moving 5x9x9 pieces, on pictures of 64 px, to the nearest piece at "
        "any place and time of the source: 0 is a copy. Real footage's is that of one half of the source in the other.",
        source="after Doretto et al.'s question and SinGAN's nearest-patch maps",
        unseen="Quality: noise is new. Copies that are moved by parts of a pixel.",
        compute=lambda source, made, _: novelty(source, made),
        halves=False,
    ),
    Measure(
        key="seam",
        label="seam",
        better="lower",
        definition="Change from the last frame back to the first, over the 95th percentile of the source's own changes "
        "from frame to frame: at most 1 can't be seen.",
        source="DTSGAN's joint ratio",
        unseen="Everything but these two frames: ghosts of a cross-fade, stillness.",
        compute=lambda source, made, _: seam(source, made),
        halves=False,
    ),
    Measure(
        key="ms_ssim",
        label="MS-SSIM",
        better="higher",
        definition="Multi-scale structural similarity of each frame to the source's frame of the same number: five "
        "scales, window of 7 px (5 where the short side has 96 px or fewer, 3 where it has 64 or fewer).",
        source="Wang et al., 2003; the paper's section 4.2; library pytorch-msssim",
        unseen="It rewards copies and still or blurred pictures: new video can't score high.",
        compute=_ms_ssim,
    ),
    Measure(
        key="lpips",
        label="LPIPS",
        better="lower",
        definition="Perceptual distance (AlexNet, v0.1) of each frame to the source's frame of the same number.",
        source="Zhang et al., 2018",
        unseen="It rewards copies; time.",
        compute=_lpips,
        needs=ALEXNET.network,
    ),
    Measure(
        key="smoothness",
        label="\N{GREEK SMALL LETTER SIGMA}-N-LPIPS",
        better="lower",
        definition="Standard deviation of the LPIPS from frame to frame, over the LPIPS between the first and last.",
        source="the paper's equation 6",
        unseen="The source: a still or steadily drifting picture wins.",
        compute=_smoothness,
        needs=ALEXNET.network,
    ),
    Measure(
        key="frechet",
        label="Frechet",
        better="lower",
        definition="Frechet distance of the frames' pooled EfficientNet-Lite0 features, as many frames on both sides. "
        "Its values can't be compared with FID.",
        source="Heusel et al., 2017, with the features of Tan and Le, 2019",
        unseen="Time: shuffled frames score as well as the source.",
        compute=_efficientnet,
        needs=EFFICIENTNET.network,
    ),
    Measure(
        key="fid",
        label="FID",
        better="lower",
        definition="Frechet distance of the frames' pooled Inception features (the original network's weights).",
        source="Heusel et al., 2017; the paper's section 4.2",
        unseen="Time: shuffled frames score as well as the source. Few frames make it large.",
        compute=_inception,
        needs="Inception",
    ),
)
