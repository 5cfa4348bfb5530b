"""From what the project says to what a worker is told: the words of a command line, and what its result is to be
remembered by.

Pure: the same project and target always give the same task.
"""

from .common import Making, part_of, result_of, settings_of, size_of
from .extend import extend_task
from .replace import replace_task

__all__ = ["Making", "extend_task", "part_of", "replace_task", "result_of", "settings_of", "size_of"]
