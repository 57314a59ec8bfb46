"""What happened, as the outbox carries it to the workflows. Payload-free but for ids: the truth stays in the tables."""

from enum import StrEnum


class Topic(StrEnum):
    """Why an athlete's durable work should look at the tables again."""

    ATHLETE_CHANGED = "athlete.changed"
    DAY_ROLLED = "athlete.day_rolled"
    ANALYSIS_REQUESTED = "analysis.requested"
    SUMMARY_REQUESTED = "summary.requested"
    IMPORT_REQUESTED = "import.requested"
