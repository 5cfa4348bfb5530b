"""Which encoder writes an output, chosen by its name, and what each can't carry."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from av.codec import Codec

from ..errors import OutputError
from .sequence import pattern_parts

KNOWN = ".mp4, .mov, .mkv, .webm, .webp or .gif, a folder, or a pattern such as frame_%06d.png"
FOR_ALPHA = "Write to .mov, .mkv, .webm or a folder of PNGs."


@dataclass(frozen=True, kw_only=True)
class Choice:
    """An encoder and how to feed it; pictures have a ``pattern``: prefix, least number of digits, suffix."""

    codec: str
    pixel_format: str
    bytes_a_pixel: float
    options: dict[str, str]
    pattern: tuple[str, int, str] | None = None
    pattern_in_name: bool = False
    notices: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class SoundChoice:
    """An encoder of sound and how to feed it. Bit rates are in bits a second and a channel, 0 where none is needed.

    ``bytes_a_second`` is what six channels at 48 kHz may take.
    """

    codec: str
    sample_format: str
    bytes_a_second: int
    channel_bit_rate: int = 0
    options: dict[str, str] = field(default_factory=dict)

    def rate(self, rate: int) -> int:
        """The sample rate in Hz, among those that the encoder takes, that loses nothing of this one if one does."""
        rates = Codec(self.codec, "w").audio_rates
        return min((known for known in rates if known >= rate), default=max(rates)) if rates else rate


SOUNDS = {
    # The default coder, twoloop, leaves bumps where a tone sets in and more noise under it.
    ".mp4": SoundChoice(
        codec="aac",
        sample_format="fltp",
        bytes_a_second=75_000,
        channel_bit_rate=96_000,
        options={"aac_coder": "fast"},
    ),
    ".mov": SoundChoice(codec="pcm_s16le", sample_format="s16", bytes_a_second=600_000),
    # Of 32 bits it keeps 24.
    ".mkv": SoundChoice(codec="flac", sample_format="s32", bytes_a_second=900_000),
    ".webm": SoundChoice(codec="libopus", sample_format="flt", bytes_a_second=75_000, channel_bit_rate=96_000),
}
"""Which encoder's sound goes with the picture, by extension; the other formats carry none."""


def choose(path: Path, *, size_hw: tuple[int, int], bit_depth: int, alpha: bool) -> Choice:
    """The encoder for a path, by its extension. Raises OutputError where it can't carry what is asked."""
    deep = bit_depth > 8
    suffix = path.suffix.lower()
    parts = pattern_parts(path.name)
    if (parts and suffix == ".png") or path.is_dir() or not suffix:
        pixel_format = ("rgba64be" if alpha else "rgb48be") if deep else ("rgba" if alpha else "rgb24")
        channels = (4 if alpha else 3) * (2 if deep else 1)
        return Choice(
            codec="png",
            pixel_format=pixel_format,
            bytes_a_pixel=channels,
            options={},
            pattern=parts or ("frame_", 6, ".png"),
            pattern_in_name=parts is not None,
        )
    makers = {
        ".mp4": lambda: _mp4(path, size_hw, deep=deep, alpha=alpha),
        ".mov": lambda: _mov(path, size_hw, deep=deep, alpha=alpha),
        ".mkv": lambda: _mkv(path, bit_depth, alpha=alpha),
        ".webm": lambda: _webm(path, deep=deep, alpha=alpha),
        ".webp": lambda: _webp(path, deep=deep, alpha=alpha),
        ".gif": lambda: _gif(path, deep=deep, alpha=alpha),
    }
    if suffix in makers:
        return makers[suffix]()
    raise OutputError(f"{path.name}: {suffix} is not a format that can be written.", remedy=f"Write to {KNOWN}.")


def refuse(path: Path, what: str, remedy: str) -> OutputError:
    """The error that names what a format can't carry."""
    return OutputError(f"{path.suffix.lower()} can't carry {what} ({path.name}).", remedy=remedy)


def carriers(*, alpha: bool) -> str:
    """The video files that carry pixel shapes and all colour tags."""
    return ".mov" if alpha else ".mp4 or .mov"


def _mp4(path: Path, size_hw: tuple[int, int], *, deep: bool, alpha: bool) -> Choice:
    if alpha:
        raise refuse(path, "alpha", FOR_ALPHA)
    odd = any(side % 2 for side in size_hw)
    notices = ()
    if odd:
        notices = (
            f"{size_hw[1]} x {size_hw[0]} has an odd side, so {path.name} is written as 4:4:4, "
            "which some players don't show; even sides give the usual 4:2:0.",
        )
    return Choice(
        codec="libx264",
        pixel_format=("yuv444p" if odd else "yuv420p") + ("10le" if deep else ""),
        bytes_a_pixel=0.5,
        # The macroblock tree makes other bytes of the same frames from run to run.
        options={"crf": "16", "preset": "medium", "x264-params": "mbtree=0"},
        notices=notices,
    )


def _mov(path: Path, size_hw: tuple[int, int], *, deep: bool, alpha: bool) -> Choice:
    if alpha and not deep:
        return Choice(codec="qtrle", pixel_format="argb", bytes_a_pixel=4.1, options={})
    if alpha:
        return Choice(codec="prores_ks", pixel_format="yuva444p10le", bytes_a_pixel=2, options=_prores("4444"))
    if size_hw[1] % 2:
        raise refuse(
            path,
            f"ProRes of an odd width ({size_hw[1]})",
            f"Choose {size_hw[1] + 1}x{size_hw[0]}, or write to .mp4, .mkv or PNGs.",
        )
    return Choice(codec="prores_ks", pixel_format="yuv422p10le", bytes_a_pixel=1, options=_prores("hq"))


def _prores(profile: str) -> dict[str, str]:
    return {"profile": profile, "vendor": "apl0"}


def _mkv(path: Path, bit_depth: int, *, alpha: bool) -> Choice:
    if bit_depth > 16:
        raise refuse(path, f"{bit_depth} bits", "Write 16 bits or fewer.")
    if bit_depth <= 8:
        pixel_format = "bgra" if alpha else "bgr0"
    else:
        depth = next(depth for depth in (10, 12, 16) if bit_depth <= depth)
        pixel_format = f"gbr{'a' if alpha else ''}p{depth}le"
    channels = (4 if alpha else 3) * (1 if bit_depth <= 8 else 2)
    options = {"level": "3", "slices": "4", "slicecrc": "1", "g": "1"}
    return Choice(codec="ffv1", pixel_format=pixel_format, bytes_a_pixel=1.1 * channels, options=options)


def _webm(path: Path, *, deep: bool, alpha: bool) -> Choice:
    pixel_format = ("yuva420p" if alpha else "yuv420p") + ("10le" if deep else "")
    known = {known.name for known in Codec("libvpx-vp9", "w").video_formats or ()}
    if pixel_format not in known:
        what = "more than 8 bits" + (" with alpha" if alpha else "")
        raise refuse(path, what, "Write to .mov, .mkv or PNGs, or with 8 bits.")
    options = {"crf": "20", "b": "0", "deadline": "good", "cpu-used": "4", "row-mt": "1", "auto-alt-ref": "0"}
    return Choice(codec="libvpx-vp9", pixel_format=pixel_format, bytes_a_pixel=0.4, options=options)


def _webp(path: Path, *, deep: bool, alpha: bool) -> Choice:
    if deep:
        raise refuse(path, "more than 8 bits", "Write to .mov, .mkv or PNGs.")
    options = {"quality": "90", "compression_level": "4"}
    return Choice(
        codec="libwebp_anim", pixel_format="yuva420p" if alpha else "yuv420p", bytes_a_pixel=0.6, options=options
    )


def _gif(path: Path, *, deep: bool, alpha: bool) -> Choice:
    if alpha:
        raise refuse(path, "soft alpha", FOR_ALPHA)
    if deep:
        raise refuse(path, "more than 8 bits", "Write to .mov, .mkv or PNGs.")
    return Choice(codec="gif", pixel_format="pal8", bytes_a_pixel=1.1, options={})
