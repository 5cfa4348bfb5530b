"""The texture model: what learning leaves, one file that people copy and mail. Importing this needs no torch."""

from __future__ import annotations

import math
import re
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from .clip import Clip, Colour, Rect
from .config import LearnOptions
from .container import read_container, write_container
from .errors import ModelFileError, OptionError
from .files import check_target
from .video.colour import MATRICES, PRIMARIES, RANGES, TRANSFERS

if TYPE_CHECKING:
    from collections.abc import Iterator

KIND = "texture model"
VERSION = 3
MOST_PX = 1 << 14
MOST_AREA_PX = 1 << 25
MOST_EXEMPLAR_PX = 1 << 28
MOST_EXEMPLAR_FRAMES = 400
"""The longest side and the largest picture of a scale, and the most pixels and frames of an exemplar, that are
believed: a file from a stranger must not ask for all of the memory."""

LONGEST_TEXT = 4096
EXEMPLAR = "exemplar.video"
"""Name of the array that holds an exemplar's frames, a video file's bytes."""


@dataclass(frozen=True, kw_only=True)
class SourceFacts:
    """Where a texture comes from, and what its results carry on. ``size_hw`` is the source's upright picture in px."""

    name: str
    sha256: str
    span: tuple[int, int]
    crop: Rect | None
    size_hw: tuple[int, int]
    rate: Fraction
    bit_depth: int
    sample_aspect: Fraction
    colour: Colour

    @classmethod
    def of(cls, clip: Clip) -> SourceFacts:
        return cls(
            name=clip.source.name,
            sha256=clip.source_sha256,
            span=clip.span,
            crop=clip.crop,
            size_hw=clip.source_size_hw,
            rate=clip.rate,
            bit_depth=clip.bit_depth,
            sample_aspect=clip.sample_aspect,
            colour=clip.colour,
        )

    def as_dict(self) -> dict[str, Any]:
        return asdict(self) | {"rate": str(self.rate), "sample_aspect": str(self.sample_aspect)}

    @classmethod
    def from_dict(cls, facts: dict[str, Any]) -> SourceFacts:
        first, end = facts["span"]
        height, width = facts["size_hw"]
        return cls(
            **facts
            | {
                "span": (first, end),
                "size_hw": (height, width),
                "crop": None if facts["crop"] is None else Rect(**facts["crop"]),
                "rate": _ratio(facts["rate"]),
                "sample_aspect": _ratio(facts["sample_aspect"]),
                "colour": Colour(**facts["colour"]),
            }
        )


@dataclass(frozen=True, kw_only=True)
class ExemplarFacts:
    """The frames of the source, at its own size, of whose pixels large results are made.

    ``span`` holds their numbers in the source. ``path`` is the source's where they are read from there each time; None
    where they travel in the model.
    """

    size_hw: tuple[int, int]
    frames: int
    span: tuple[int, int]
    sample_aspect: Fraction
    path: str | None

    def as_dict(self) -> dict[str, Any]:
        return asdict(self) | {"sample_aspect": str(self.sample_aspect)}

    @classmethod
    def from_dict(cls, facts: dict[str, Any]) -> ExemplarFacts:
        first, end = facts["span"]
        height, width = facts["size_hw"]
        return cls(
            size_hw=(int(height), int(width)),
            frames=int(facts["frames"]),
            span=(int(first), int(end)),
            sample_aspect=_ratio(facts["sample_aspect"]),
            path=facts["path"],
        )


@dataclass(frozen=True, kw_only=True)
class GraphFacts:
    """Of the generators' ONNX graphs: their operator set, and the largest difference of each scale's to PyTorch on real
    data, in colours from -1 to 1."""

    opset: int
    largest_differences: tuple[float, ...]

    @classmethod
    def from_dict(cls, facts: dict[str, Any]) -> GraphFacts:
        return cls(opset=int(facts["opset"]), largest_differences=tuple(map(float, facts["largest_differences"])))


def graph_name(index: int) -> str:
    """Name of the array that holds the ONNX graph of a scale, a file's bytes."""
    return f"graph{index}.onnx"


@dataclass(frozen=True, kw_only=True, eq=False)
class TextureModel:
    """Options, facts and arrays. :func:`dtsgan.engine.packing.unpack` makes a working pyramid of it.

    ``sizes_hw`` and ``amplitudes`` have one entry a scale, coarsest first. ``arrays`` holds the generators' weights
    (``scale0.…``), what the motion prior needs (``prior.…``), the generators' ONNX graphs, and the exemplar's frames
    where they travel along. ``frames`` is the length learned from.
    """

    options: LearnOptions
    facts: SourceFacts
    frames: int
    sizes_hw: tuple[tuple[int, int], ...]
    amplitudes: tuple[float, ...]
    arrays: dict[str, np.ndarray]
    exemplar: ExemplarFacts | None = None
    graphs: GraphFacts | None = None

    @property
    def size_hw(self) -> tuple[int, int]:
        """Of the finest scale."""
        return self.sizes_hw[-1]

    def summary(self) -> dict[str, Any]:
        """The facts as JSON values."""
        return {
            "source": self.facts.as_dict(),
            "frames": self.frames,
            "scales": len(self.sizes_hw),
            "size_hw": list(self.size_hw),
            "exemplar": None if self.exemplar is None else self.exemplar.as_dict(),
            "graphs": None if self.graphs is None else asdict(self.graphs),
            "options": self.options.as_dict(),
        }


def save_model(model: TextureModel, path: Path, *, overwrite: bool = False) -> None:
    """Write the model, whole or not at all. Raises OutputError."""
    check_target(path, overwrite=overwrite, need_bytes=sum(array.nbytes for array in model.arrays.values()))
    header = {
        "options": model.options.as_dict(),
        "source": model.facts.as_dict(),
        "frames": model.frames,
        "sizes_hw": model.sizes_hw,
        "amplitudes": model.amplitudes,
        "exemplar": None if model.exemplar is None else model.exemplar.as_dict(),
        "graphs": None if model.graphs is None else asdict(model.graphs),
    }
    write_container(path, kind=KIND, version=VERSION, header=header, tensors=model.arrays)


def load_model(path: Path) -> TextureModel:
    """Read a model. Raises ModelFileError for anything that is not one, whole and unchanged."""
    header, arrays = read_container(path, kind=KIND, version=VERSION)
    try:
        options = dict(header["options"])
        model = TextureModel(
            options=LearnOptions.of(**options),
            facts=SourceFacts.from_dict(header["source"]),
            frames=int(header["frames"]),
            sizes_hw=tuple((int(height), int(width)) for height, width in header["sizes_hw"]),
            amplitudes=tuple(float(amplitude) for amplitude in header["amplitudes"]),
            arrays=arrays,
            exemplar=None if header["exemplar"] is None else ExemplarFacts.from_dict(header["exemplar"]),
            graphs=None if header["graphs"] is None else GraphFacts.from_dict(header["graphs"]),
        )
        _check(model)
    except (ArithmeticError, AttributeError, KeyError, TypeError, ValueError, OptionError) as error:
        raise ModelFileError(
            f"{path} is a texture model, but its header makes no sense ({error!r}).",
            remedy="Learn the clip again, or ask for another copy of the file.",
        ) from error
    return model


@contextmanager
def parts_of(model: TextureModel) -> Iterator[None]:
    """While the model's arrays are put to work: what goes wrong then is raised as ModelFileError."""
    try:
        yield
    except (KeyError, IndexError, RuntimeError, TypeError, ValueError, ZeroDivisionError) as error:
        raise ModelFileError(
            f"The texture model of {model.facts.name} holds parts that don't belong together ({error}).",
            remedy="Learn the clip again, or ask for another copy of the file.",
        ) from error


def _ratio(text: str) -> Fraction:
    """ "24000/1001" or "25", above 0. Raises ValueError. (Fraction itself would work out "1e999999999".)"""
    match = re.fullmatch(r"(\d{1,10})(?:/(\d{1,10}))?", text)
    ratio = Fraction(int(match[1]), int(match[2] or 1)) if match else Fraction(0)
    if not ratio or max(ratio.numerator, ratio.denominator) >= 1 << 31:  # what FFmpeg can count
        raise ValueError(f"{text!r} is no ratio")
    return ratio


def _check(model: TextureModel) -> None:
    """Raise ValueError for numbers and names that no clip has."""
    facts = model.facts
    sizes = (*model.sizes_hw, facts.size_hw)
    colour = facts.colour
    tags = (
        (colour.primaries, PRIMARIES),
        (colour.transfer, TRANSFERS),
        (colour.matrix, MATRICES),
        (colour.range, RANGES),
    )
    sound = {
        "frames": model.frames > 0,
        "sizes": len(model.sizes_hw) > 0
        and all(0 < side <= MOST_PX for size in sizes for side in size)
        and all(math.prod(size) <= MOST_AREA_PX for size in sizes),
        "amplitudes": len(model.amplitudes) == len(model.sizes_hw) and all(map(math.isfinite, model.amplitudes)),
        "bit depth": facts.bit_depth in range(1, 17),
        "texts": all(isinstance(text, str) and len(text) <= LONGEST_TEXT for text in (facts.name, facts.sha256)),
        "colour": all(tag is None or tag in names.values() for tag, names in tags),
        "exemplar": model.exemplar is None or _sound(model.exemplar, model.arrays),
        "graphs": model.graphs is None or all(graph_name(n) in model.arrays for n in range(len(model.sizes_hw))),
    }
    wrong = [name for name, holds in sound.items() if not holds]
    if wrong:
        raise ValueError(", ".join(wrong))


def _sound(exemplar: ExemplarFacts, arrays: dict[str, np.ndarray]) -> bool:
    if exemplar.path is None:
        there = EXEMPLAR in arrays and arrays[EXEMPLAR].dtype == np.uint8
    else:
        there = isinstance(exemplar.path, str) and 0 < len(exemplar.path) <= LONGEST_TEXT
    return (
        there
        and all(0 < side <= MOST_PX for side in exemplar.size_hw)
        and 0 < exemplar.frames <= MOST_EXEMPLAR_FRAMES
        and exemplar.frames * math.prod(exemplar.size_hw) <= MOST_EXEMPLAR_PX
        and 0 <= exemplar.span[0] < exemplar.span[1]
    )
