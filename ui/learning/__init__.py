"""Learning a clip: what it takes here, what finished scales can do, what is left unfinished."""

from .learning import Learning, LearningState, Try
from .planning import Choice, Planning
from .unfinished import Unfinished

__all__ = ["Choice", "Learning", "LearningState", "Planning", "Try", "Unfinished"]
