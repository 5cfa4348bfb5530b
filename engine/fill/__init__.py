"""What a region of a clip is filled with: real footage from elsewhere in the clip, or new pictures of a texture."""

from .footage import Beside, Moments, surround
from .insertion import check_reference, cleaned_of, insertion
from .painting import Edited, Painting, Synthesised
from .reference import Reference, parse_reference

__all__ = [
    "Beside",
    "Edited",
    "Moments",
    "Painting",
    "Reference",
    "Synthesised",
    "check_reference",
    "cleaned_of",
    "insertion",
    "parse_reference",
    "surround",
]
