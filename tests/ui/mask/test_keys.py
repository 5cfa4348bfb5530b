from __future__ import annotations

import pytest
from support.drawing import square, stroke

from dtsgan.ui.document import Key, Mask, Polygon, Rectangle
from dtsgan.ui.mask import keys

A, B, C = stroke((5, 5)), stroke((9, 9)), stroke((20, 20), erase=True)


def mask(*at: tuple[int, tuple[object, ...]]) -> Mask:
    return Mask(keys=tuple(Key(frame=frame, shapes=shapes) for frame, shapes in at))  # type: ignore[arg-type]


def test_keys_hold_until_the_next_one() -> None:
    """A key counts from its frame up to the next key's; before the first one that one counts, too."""
    moving = mask((10, (A,)), (20, (B,)))
    seen = [keys.shapes_at(moving, frame) for frame in (0, 10, 19, 20, 99)]
    assert seen == [(A,), (A,), (A,), (B,), (B,)]
    assert keys.shapes_at(Mask(), 5) == ()


def test_outlines_move_evenly() -> None:
    """Polygons with as many points, and rectangles, move evenly into those at the same place of the next key."""
    triangle = Polygon(points=((0, 0), (8, 0), (0, 8)))
    moved = Polygon(points=((4, 2), (12, 2), (4, 10)))
    moving = mask((10, (triangle, square(0, 0, 4))), (20, (moved, square(10, 20, 8))))
    polygon, box = keys.shapes_at(moving, 15)
    assert polygon == Polygon(points=((2, 1), (10, 1), (2, 9)))
    assert box == Rectangle(x=5, y=10, width=6, height=6)
    assert keys.shapes_at(moving, 20) == (moved, square(10, 20, 8))
    assert keys.shapes_at(moving, 10) == (triangle, square(0, 0, 4))


@pytest.mark.parametrize(
    "then",
    [
        (Polygon(points=((0, 0), (8, 0), (8, 8), (0, 8))),),
        (square(0, 0, 4),),
        (Polygon(points=((4, 2), (12, 2), (4, 10)), erase=True),),
        (),
    ],
    ids=["more points", "another kind", "an eraser", "nothing"],
)
def test_what_cannot_move_holds(then: tuple[object, ...]) -> None:
    """A polygon stays where it is until the next key, if that has nothing that it could become."""
    triangle = Polygon(points=((0, 0), (8, 0), (0, 8)))
    assert keys.shapes_at(mask((0, (triangle,)), (10, then)), 9) == (triangle,)


def test_a_mask_is_still_where_nothing_of_it_changes() -> None:
    """One key is still, and so are keys that lie outside the frames or are the same; one that changes is not."""
    assert keys.still(mask((10, (A,))), range(30))
    assert keys.still(mask((0, (A,)), (10, (A,))), range(30))
    assert keys.still(mask((0, (A,)), (10, (B,))), range(10, 30))
    assert not keys.still(mask((0, (A,)), (10, (B,))), range(9, 30))
    boxes = mask((0, (square(0, 0, 4),)), (10, (square(9, 0, 4),)))
    assert not keys.still(boxes, range(5))
    assert keys.still(boxes, range(3, 4))
    assert keys.still(boxes, range(12, 20))


def test_painting_changes_the_key_in_force() -> None:
    """A shape goes on top of the key in force; the very first one is from frame 0 on, wherever one was."""
    once = keys.with_shape(Mask(), 7, A, keying=False)
    assert once == mask((0, (A,)))
    assert keys.with_shape(once, 9, B, keying=False) == mask((0, (A, B)))


def test_painting_with_key_frames_makes_one_here() -> None:
    """With key frames, painting makes one at the frame that is seen, with all that is masked there."""
    once = keys.with_shape(mask((0, (A,))), 9, B, keying=True)
    assert once == mask((0, (A,)), (9, (A, B)))
    assert keys.with_shape(once, 9, C, keying=True) == mask((0, (A,)), (9, (A, B, C)))
    assert keys.with_shape(Mask(), 7, A, keying=True) == mask((7, (A,)))


def test_a_point_moved_between_keys_makes_a_key() -> None:
    """Between two keys that move, what is changed is what is seen: that takes a key of its own."""
    moving = mask((0, (square(0, 0, 4),)), (10, (square(10, 0, 4),)))
    changed = keys.with_shapes(moving, 5, (square(5, 5, 4),), keying=False)
    assert changed == mask((0, (square(0, 0, 4),)), (5, (square(5, 5, 4),)), (10, (square(10, 0, 4),)))


def test_painting_between_keys_lets_them_move_on() -> None:
    """A stroke between two keys that move goes into the first, and what is below it moves as before."""
    moving = mask((0, (square(0, 0, 4),)), (10, (square(10, 0, 4),)))
    painted = keys.with_shape(moving, 5, A, keying=False)
    assert keys.shapes_at(painted, 5) == (square(5, 0, 4), A)


def test_a_new_key_changes_nothing() -> None:
    """A key added between others is of what is masked there anyway."""
    moving = mask((0, (square(0, 0, 4),)), (10, (square(10, 0, 4),)))
    more = keys.with_key(moving, 4)
    assert [key.frame for key in more.keys] == [0, 4, 10]
    assert [keys.shapes_at(more, frame) for frame in (4, 0, 10)] == [
        keys.shapes_at(moving, frame) for frame in (4, 0, 10)
    ]
    assert keys.with_key(more, 4) == more
    assert keys.without_key(more, 4) == moving


def test_keys_move_and_are_copied() -> None:
    """A key moved or copied keeps the order, and takes the place of one that is there."""
    three = mask((0, (A,)), (5, (B,)), (9, (C,)))
    assert keys.moved_key(three, 0, 7) == mask((5, (B,)), (7, (A,)), (9, (C,)))
    assert keys.moved_key(three, 0, 9) == mask((5, (B,)), (9, (A,)))
    assert keys.moved_key(three, 3, 9) == three
    assert keys.copied_key(three, 6, 20) == mask((0, (A,)), (5, (B,)), (9, (C,)), (20, (B,)))
    assert [key and key.frame for key in keys.neighbours(three, 5)] == [0, 9]
    assert keys.neighbours(three, 0)[0] is None


def test_inverting_twice_is_what_was() -> None:
    """Twice inverted, the shapes are the ones there were."""
    shapes = (A, square(0, 0, 4), C)
    assert keys.inverted(keys.inverted(shapes, (24, 32)), (24, 32)) == shapes


def test_what_is_only_erased_is_empty() -> None:
    """A mask without a painted shape is empty, however much was erased."""
    assert keys.is_empty(Mask())
    assert keys.is_empty(mask((0, (C,))))
    assert not keys.is_empty(mask((0, (C,)), (3, (A,))))
