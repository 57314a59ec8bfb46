"""What can be missing or go wrong when the stack starts; each text says what, and how to mend it."""

from loadstone.errors import Trouble


class StackError(Trouble):
    """Something the stack needs is missing or in the way."""


class ChildDied(StackError):
    """A child ended by itself; the text ends with the last lines of its log."""


class AlreadyRunning(StackError):
    """Another process runs the stack of this folder."""
