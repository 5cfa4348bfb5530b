"""A mask in time: its key frames, and what is between them. Pure functions, from a mask to another one."""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING

from msgspec import structs

from ..document import Key, Mask, Polygon, Rectangle

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ..document import Shape

Shapes = tuple["Shape", ...]


def key_at(mask: Mask, frame: int) -> Key | None:
    """The key in force at a frame: the last one up to it, before all of them the first; None of a mask without any."""
    if not mask.keys:
        return None
    return mask.keys[max(0, bisect_right(mask.keys, frame, key=_frame_of) - 1)]


def neighbours(mask: Mask, frame: int) -> tuple[Key | None, Key | None]:
    """The nearest keys before and after a frame, without one at the frame itself."""
    before = [key for key in mask.keys if key.frame < frame]
    after = [key for key in mask.keys if key.frame > frame]
    return (before[-1] if before else None), (after[0] if after else None)


def shapes_at(mask: Mask, frame: int) -> Shapes:
    """What is masked at a frame."""
    key = key_at(mask, frame)
    if key is None:
        return ()
    following = neighbours(mask, frame)[1]
    if frame <= key.frame or following is None:
        return key.shapes
    share = (frame - key.frame) / (following.frame - key.frame)
    later: tuple[Shape | None, ...] = following.shapes + (None,) * len(key.shapes)
    return tuple(_between(shape, then, share) for shape, then in zip(key.shapes, later, strict=False))


def still(mask: Mask, frames: range) -> bool:
    """Whether it is the same in all of some frames."""
    if len(frames) < 2:
        return True
    turns = [key.frame for key in mask.keys if key.frame in frames[1:]]
    first = shapes_at(mask, frames.start)
    # Shapes move evenly: one that is the same at both ends of a way is so in between.
    return all(shapes_at(mask, frame) == first for frame in (*turns, *(turn - 1 for turn in turns), frames[-1]))


def is_empty(mask: Mask) -> bool:
    """Whether nothing was ever painted."""
    return not any(not shape.erase for key in mask.keys for shape in key.shapes)


def with_key(mask: Mask, frame: int) -> Mask:
    """With a key at a frame, of what is masked there anyway."""
    if any(key.frame == frame for key in mask.keys):
        return mask
    return _with(mask, Key(frame=frame, shapes=shapes_at(mask, frame)))


def without_key(mask: Mask, frame: int) -> Mask:
    return Mask(keys=tuple(key for key in mask.keys if key.frame != frame))


def moved_key(mask: Mask, frame: int, target: int) -> Mask:
    """With a key moved to another frame, where it takes the place of one that is there."""
    key = next((key for key in mask.keys if key.frame == frame), None)
    return mask if key is None else _with(without_key(mask, frame), structs.replace(key, frame=target))


def copied_key(mask: Mask, frame: int, target: int) -> Mask:
    """With what is masked at a frame as a key at another one."""
    return _with(mask, Key(frame=target, shapes=shapes_at(mask, frame)))


def with_shapes(mask: Mask, frame: int, shapes: Iterable[Shape], *, keying: bool) -> Mask:
    """With other shapes at a frame: in the key in force there, or with ``keying`` in one of the frame's own.

    Between two keys whose shapes move, too, the frame gets its own: else something else would change than what is
    seen. The first key is at frame 0, whatever the frame.
    """
    key = key_at(mask, frame)
    if key is None:
        at = frame if keying else 0
    else:
        at = frame if keying or shapes_at(mask, frame) != key.shapes else key.frame
    return _with(mask, Key(frame=at, shapes=tuple(shapes)))


def with_shape(mask: Mask, frame: int, shape: Shape, *, keying: bool) -> Mask:
    """With one more shape on top, as ``with_shapes`` has it; what moves goes on moving below it."""
    key = key_at(mask, frame)
    if key is None or keying:
        return with_shapes(mask, frame, (*shapes_at(mask, frame), shape), keying=keying)
    return _with(mask, structs.replace(key, shapes=(*key.shapes, shape)))


def inverted(shapes: Shapes, size_hw: tuple[int, int]) -> Shapes:
    """What masks exactly what these don't, in a picture of that size; twice of it is what was."""
    all_of_it = Rectangle(x=0, y=0, width=size_hw[1], height=size_hw[0])
    turned = tuple(structs.replace(shape, erase=not shape.erase) for shape in shapes)
    if shapes and shapes[0] == all_of_it:
        return turned[1:]
    return (all_of_it, *turned)


def _with(mask: Mask, key: Key) -> Mask:
    kept = (each for each in mask.keys if each.frame != key.frame)
    return Mask(keys=tuple(sorted((*kept, key), key=_frame_of)))


def _frame_of(key: Key) -> int:
    return key.frame


def _between(shape: Shape, then: Shape | None, share: float) -> Shape:
    """A shape on its way to another one, if it can go there."""
    if isinstance(shape, Rectangle) and isinstance(then, Rectangle) and shape.erase == then.erase:
        values = {
            name: _mix(getattr(shape, name), getattr(then, name), share) for name in ("x", "y", "width", "height")
        }
        return structs.replace(shape, **values)
    if isinstance(shape, Polygon) and isinstance(then, Polygon) and shape.erase == then.erase:
        if len(shape.points) != len(then.points):
            return shape
        pairs = zip(shape.points, then.points, strict=True)
        points = tuple((_mix(x, to_x, share), _mix(y, to_y, share)) for (x, y), (to_x, to_y) in pairs)
        return structs.replace(shape, points=points)
    return shape


def _mix(value: float, then: float, share: float) -> float:
    return value if value == then else value + share * (then - value)
