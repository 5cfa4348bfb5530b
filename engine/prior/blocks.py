"""How time is cut into overlapping blocks: without an end, or around a loop."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Blocks:
    """Blocks of at most ``longest`` frames, each fading into the next over ``fade`` frames.

    Without a ``period`` all are as long, and any whole number names one. Around a loop there are ``count``, an even
    number, so that every other one can be chosen to join its neighbours.
    """

    longest: int
    fade: int
    period: int | None = None
    count: int = 0

    @classmethod
    def around(cls, longest: int, fade: int, period: int | None) -> Blocks:
        """The blocks of a loop of ``period`` frames, their fades as long as there is room for; None has no end."""
        if period is None:
            return cls(longest, fade)
        count = 2 * -(-period // (2 * (longest - fade)))
        return cls(longest, min(fade, period // count), period, count)

    def hop(self, block: int) -> int:
        """Frames from the start of this block to that of the next."""
        return self.first(block + 1) - self.first(block)

    def length(self, block: int) -> int:
        return self.hop(block) + self.fade

    def name(self, block: int) -> int:
        """The same for blocks that are the same, once around the loop."""
        return block if self.period is None else block % self.count

    def seen(self, frame: int) -> list[tuple[int, int]]:
        """The blocks seen in a frame, one or two, and the frame's place in each."""
        block = self._last_begun(frame)
        place = frame - self.first(block)
        return [(block, place)] + ([(block - 1, place + self.hop(block - 1))] if place < self.fade else [])

    def first(self, block: int) -> int:
        """The number of a block's first frame."""
        return block * (self.longest - self.fade) if self.period is None else block * self.period // self.count

    def _last_begun(self, frame: int) -> int:
        if self.period is None:
            return frame // (self.longest - self.fade)
        return ((frame + 1) * self.count - 1) // self.period
