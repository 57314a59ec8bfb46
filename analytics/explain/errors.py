"""Why a number is not explained."""


class CannotExplain(ValueError):
    """The question cannot be answered; says why."""


class NotTheSame(ValueError):
    """What the number was computed from, or by, is not there any more; says what differs."""
