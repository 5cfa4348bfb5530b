"""Which shapes a mask has at a frame, and how its key frames change. Nothing here needs Qt."""

from __future__ import annotations

from itertools import zip_longest

from msgspec import structs

from ..document import Key, Mask, Polygon, Rectangle, Shape


def key_of(mask: Mask, frame: int) -> int | None:
    """The place of the key that holds at a frame: the last one up to it, or before them all the first; None where
    there is none."""
    if not mask.keys:
        return None
    return max(0, sum(key.frame <= frame for key in mask.keys) - 1)


def shapes_at(mask: Mask, frame: int) -> tuple[Shape, ...]:
    """The shapes at a frame; outlines of as many points move evenly towards those of the next key."""
    place = key_of(mask, frame)
    if place is None:
        return ()
    key = mask.keys[place]
    if frame <= key.frame or place + 1 == len(mask.keys):
        return key.shapes
    following = mask.keys[place + 1]
    share = (frame - key.frame) / (following.frame - key.frame)
    pairs = zip_longest(key.shapes, following.shapes)
    return tuple(_between(shape, later, share) for shape, later in pairs if shape is not None)


def with_shape(mask: Mask, frame: int, shape: Shape) -> Mask:
    """With a shape over those of the key that holds at a frame; the first one makes the first key."""
    place = key_of(mask, frame)
    if place is None:
        return Mask(keys=(Key(frame=frame, shapes=(shape,)),))
    key = mask.keys[place]
    return _with(mask, place, structs.replace(key, shapes=(*key.shapes, shape)))


def with_key(mask: Mask, frame: int) -> Mask:
    """With a key at a frame, whose shapes are those that are seen there now."""
    if any(key.frame == frame for key in mask.keys):
        return mask
    made = Key(frame=frame, shapes=shapes_at(mask, frame))
    return Mask(keys=tuple(sorted((*mask.keys, made), key=lambda key: key.frame)))


def without_key(mask: Mask, frame: int) -> Mask:
    """Without the key that holds at a frame."""
    place = key_of(mask, frame)
    return mask if place is None else Mask(keys=(*mask.keys[:place], *mask.keys[place + 1 :]))


def moves(mask: Mask) -> bool:
    """Whether it isn't the same in all frames."""
    return any(key.shapes != mask.keys[0].shapes for key in mask.keys)


def is_empty(mask: Mask) -> bool:
    """Whether nothing was drawn, or all of it was erased by name (an eraser alone leaves nothing)."""
    return not any(not shape.erase for key in mask.keys for shape in key.shapes)


def _with(mask: Mask, place: int, key: Key) -> Mask:
    return Mask(keys=(*mask.keys[:place], key, *mask.keys[place + 1 :]))


def _between(one: Shape, other: Shape | None, share: float) -> Shape:
    if isinstance(one, Rectangle) and isinstance(other, Rectangle):
        names = ("x", "y", "width", "height")
        return structs.replace(one, **{name: _mix(getattr(one, name), getattr(other, name), share) for name in names})
    if isinstance(one, Polygon) and isinstance(other, Polygon) and len(one.points) == len(other.points):
        points = zip(one.points, other.points, strict=True)
        return structs.replace(one, points=tuple((_mix(a[0], b[0], share), _mix(a[1], b[1], share)) for a, b in points))
    return one


def _mix(one: float, other: float, share: float) -> float:
    return one + (other - one) * share
