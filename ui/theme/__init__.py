"""How it looks: colours and sizes, dark and light, set on the panel alone so that a host keeps its own."""

from .colours import COLOURS, Colours
from .focus import paint_focus
from .icons import icon, paint_icon
from .sheet import dress

__all__ = ["COLOURS", "Colours", "dress", "icon", "paint_focus", "paint_icon"]
