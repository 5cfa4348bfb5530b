"""How a strip looks: its place in the picture, its colours, its modifiers."""

from __future__ import annotations

from typing import Any

PLAIN = (
    "blend_type",
    "blend_alpha",
    "use_deinterlace",
    "use_flip_x",
    "use_flip_y",
    "color_multiply",
    "color_saturation",
)


def copy_looks(source: Any, target: Any) -> None:
    for name in PLAIN:
        setattr(target, name, getattr(source, name))
    for part in ("transform", "crop", "colorspace_settings"):
        _copy(getattr(source, part), getattr(target, part))
    for modifier in source.modifiers:
        _copy(modifier, target.modifiers.new(modifier.name, modifier.type))


def _copy(source: Any, target: Any) -> None:
    """All plain values; what a newer Blender doesn't let us set stays as it is there."""
    for prop in source.bl_rna.properties:
        if prop.is_readonly or prop.type in ("POINTER", "COLLECTION"):
            continue
        try:
            setattr(target, prop.identifier, getattr(source, prop.identifier))
        except (AttributeError, TypeError):
            continue
