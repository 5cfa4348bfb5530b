"""What a person works on: a clip, what is to be made of it, what was made; with undo, saving and recovery."""

from .document import Document
from .project import (
    Extend,
    Footage,
    Key,
    Learn,
    Mask,
    Moving,
    Polygon,
    Project,
    Rectangle,
    Reference,
    Replace,
    Result,
    Shape,
    Stroke,
    Variants,
)
from .recovery import Recovery

__all__ = [
    "Document",
    "Extend",
    "Footage",
    "Key",
    "Learn",
    "Mask",
    "Moving",
    "Polygon",
    "Project",
    "Recovery",
    "Rectangle",
    "Reference",
    "Replace",
    "Result",
    "Shape",
    "Stroke",
    "Variants",
]
