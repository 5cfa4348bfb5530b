"""The rate of a project."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import TYPE_CHECKING

from ...host import HostError

if TYPE_CHECKING:
    from ..markup import Element


def rate_of_profile(root: Element, name: str) -> Fraction:
    """Frames a second, exactly. Raises HostError."""
    profile = next(root.find_all("profile"), None)
    if profile is not None:
        over, under = (profile.attributes.get(f"frame_rate_{part}", "") for part in ("num", "den"))
        if re.fullmatch(r"[1-9]\d{0,8}", over) and re.fullmatch(r"[1-9]\d{0,8}", under):
            return Fraction(int(over), int(under))
    raise HostError(f"{name} doesn't say its frame rate.", remedy="Save the project again in its editor.")
