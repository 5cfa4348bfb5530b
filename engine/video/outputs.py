"""What an output will be, and everything that can be refused before work begins."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from ..clip import Colour
from ..errors import OutputError
from ..files import check_folder, check_target, taken
from .formats import SOUNDS, Choice, SoundChoice, carriers, choose, refuse

HDR_TRANSFERS = {"smpte2084", "arib-std-b67"}
MAX_GIF_RATE = 50
"""Browsers slow down GIFs whose frames last less than 2/100 s."""

SPARE_BYTES = 16 << 20


@dataclass(frozen=True, kw_only=True)
class OutputPlan:
    """How frames will be written. ``bytes_a_pixel`` is a cautious estimate; sequences have a ``pattern``.

    ``path`` is the file, or the folder of the pictures. ``size_hw`` in pixels, ``rate`` in frames a second. ``sound``
    is None where there is none or the format carries none.
    """

    path: Path
    codec: str
    pixel_format: str
    options: dict[str, str]
    bytes_a_pixel: float
    size_hw: tuple[int, int]
    rate: Fraction
    bit_depth: int
    alpha: bool
    sample_aspect: Fraction
    colour: Colour
    overwrite: bool
    loop: bool = False
    note: str = ""
    sound: SoundChoice | None = None
    pattern: tuple[str, int, str] | None = None
    notices: tuple[str, ...] = ()


def check_output(
    path: Path,
    *,
    size_hw: tuple[int, int],
    rate: Fraction,
    bit_depth: int = 8,
    alpha: bool = False,
    sample_aspect: Fraction = Fraction(1),
    colour: Colour | None = None,
    overwrite: bool = False,
    loop: bool = False,
    note: str = "",
    sound: bool = False,
    expected_frames: int | None = None,
) -> OutputPlan:
    """Decide how to write ``path`` and make sure that it can be written. Changes nothing on disk.

    With ``alpha`` the frames are RGBA, straight: colours are not multiplied by it. Colour under clear pixels is written
    as it is, which matters where coding is lossy: their neighbours take on some of it.
    ``loop`` lets a GIF or WebP repeat for ever. ``note`` becomes the header's comment where the container has one.
    ``sound`` says that there is some; where the format carries none, a notice tells.
    Raises OutputError: unknown extension, missing or read-only folder, existing output without ``overwrite``, a
    property the format can't carry; ResourceError: too little free space for ``expected_frames``.
    """
    choice = choose(path, size_hw=size_hw, bit_depth=bit_depth, alpha=alpha)
    sound_choice, silence = _sound(path, choice) if sound else (None, ())
    plan = OutputPlan(
        path=path.parent if choice.pattern_in_name else path,
        codec=choice.codec,
        pixel_format=choice.pixel_format,
        options=choice.options,
        bytes_a_pixel=choice.bytes_a_pixel,
        size_hw=size_hw,
        rate=rate,
        bit_depth=bit_depth,
        alpha=alpha,
        sample_aspect=sample_aspect,
        colour=colour or Colour(),
        overwrite=overwrite,
        loop=loop,
        note=note,
        sound=sound_choice,
        pattern=choice.pattern,
        notices=(*choice.notices, *silence),
    )
    if plan.codec in ("gif", "libwebp_anim"):
        _check_untagged(plan)
    if plan.codec in ("ffv1", "libvpx-vp9") and sample_aspect != 1:
        # PyAV gives Matroska's writer no way to know it.
        raise refuse(path, f"pixels of {sample_aspect}", f"Write to {carriers(alpha=alpha)}, or with square pixels.")
    pixels = (expected_frames or 0) * size_hw[0] * size_hw[1]
    need_bytes = int(pixels * plan.bytes_a_pixel) + SPARE_BYTES if pixels else 0
    if plan.sound:
        need_bytes += int((expected_frames or 0) / rate * plan.sound.bytes_a_second)
    if plan.pattern is None:
        check_target(plan.path, overwrite=overwrite, need_bytes=need_bytes)
    else:
        _check_pictures(plan)
        inside = choice.pattern_in_name or plan.path.is_dir()
        check_folder(plan.path if inside else plan.path.parent, name=path.name, need_bytes=need_bytes)
    return plan


def _sound(path: Path, choice: Choice) -> tuple[SoundChoice | None, tuple[str, ...]]:
    """How sound is written, and what is told where it isn't."""
    carrier = "pictures" if choice.pattern else path.suffix.lower()
    if carrier in SOUNDS:
        return SOUNDS[carrier], ()
    return None, (f"{path.name} has no sound: {carrier} can't carry it.",)


def _check_untagged(plan: OutputPlan) -> None:
    """Of formats for the web, whose headers say nothing of colour and pixel shape."""
    video = carriers(alpha=plan.alpha)
    if plan.codec == "gif" and plan.rate > MAX_GIF_RATE:
        raise refuse(plan.path, f"{float(plan.rate):g} fps", f"Write at {MAX_GIF_RATE} fps or less, or to .mp4.")
    if plan.sample_aspect != 1:
        raise refuse(plan.path, f"pixels of {plan.sample_aspect}", f"Write square pixels, or to {video}.")
    wide = plan.colour.transfer in HDR_TRANSFERS or plan.colour.primaries == "bt2020"
    if wide:
        tags = f"{plan.colour.primaries or 'untagged'} primaries with {plan.colour.transfer or 'untagged'} transfer"
        raise refuse(plan.path, f"the colours of {tags}", f"Write to {video}.")


def _check_pictures(plan: OutputPlan) -> None:
    """Refuse to replace anything that wasn't agreed to be replaced."""
    if plan.path.exists() and not plan.path.is_dir():
        raise OutputError(f"{plan.path} is a file, not a folder.", remedy="Name a folder for the pictures.")
    before = written_pictures(plan)
    if before and not plan.overwrite:
        raise taken(before[0])


def written_pictures(plan: OutputPlan) -> list[Path]:
    """Pictures of an earlier output under the same pattern."""
    prefix, _, suffix = plan.pattern or ("", 0, "")
    if not plan.path.is_dir():
        return []
    return sorted(
        file
        for file in plan.path.iterdir()
        if file.name.startswith(prefix)
        and file.name.endswith(suffix)
        and file.name[len(prefix) : len(file.name) - len(suffix)].isdecimal()
    )
