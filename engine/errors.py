"""Failures a person can mend. Each names the thing, the reason and the remedy."""

from __future__ import annotations


class UserError(Exception):
    """A failure whose cause lies in the input or the machine, not in this program.

    The command line prints it and exits with code 2; windows show it as a message.
    """

    def __init__(self, problem: str, *, remedy: str = "") -> None:
        self.problem = problem
        self.remedy = remedy
        super().__init__(f"{problem} {remedy}".strip())


class ClipError(UserError):
    """The clip can't be read, or holds nothing that can be learned."""


class OutputError(UserError):
    """The output can't be written as asked."""


class ModelFileError(UserError):
    """The file is not a texture model this version can trust and read."""


class OptionError(UserError):
    """An option has a value that can't work."""


class ResourceError(UserError):
    """Not enough memory, disk or time for what was asked."""
