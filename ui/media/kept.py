"""Pictures held in memory, within a budget."""

from __future__ import annotations

import threading
from collections import OrderedDict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection

    from PySide6.QtGui import QImage


class Kept:
    """Pictures by the numbers of their frames, shared by the thread that decodes them and the one that paints them: so
    both always agree on what is there. Holds at most ``budget_bytes``, but always two pictures, one to be seen and one
    to come."""

    def __init__(self, budget_bytes: int) -> None:
        self._lock = threading.Lock()
        self._images: OrderedDict[int, QImage] = OrderedDict()
        self._bytes = 0
        self._budget = budget_bytes

    @property
    def bytes(self) -> int:
        """What they take now."""
        return self._bytes

    @property
    def budget_bytes(self) -> int:
        return self._budget

    def __contains__(self, number: int) -> bool:
        return number in self._images

    def get(self, number: int) -> QImage | None:
        with self._lock:
            image = self._images.get(number)
            if image is not None:
                self._images.move_to_end(number)
            return image

    def put(self, number: int, image: QImage, *, needed: Collection[int]) -> None:
        """Keep one; for it, those go that were not looked at for longest, the ``needed`` ones last."""
        with self._lock:
            old = self._images.pop(number, None)
            self._bytes += image.sizeInBytes() - (old.sizeInBytes() if old is not None else 0)
            self._images[number] = image
            self._trim(needed)

    def allow(self, budget_bytes: int) -> None:
        """Set another budget, at once."""
        with self._lock:
            self._budget = budget_bytes
            self._trim(())

    def clear(self) -> None:
        with self._lock:
            self._images.clear()
            self._bytes = 0

    def _trim(self, needed: Collection[int]) -> None:
        while self._bytes > self._budget and len(self._images) > 2:
            newest = next(reversed(self._images))
            spare = (number for number in self._images if number not in needed and number != newest)
            number = next(spare, next(iter(self._images)))
            self._bytes -= self._images.pop(number).sizeInBytes()
