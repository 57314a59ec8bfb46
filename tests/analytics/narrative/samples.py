"""A week's facts by hand: two lifts, one up and one down, a record, and what comes next."""

from typing import Any

from models.domain.insights import Fact

SQUAT, BENCH = "Squat (Barbell)", "Bench Press (Barbell)"


def fact(
    kind: str,
    subject: str,
    value: float | None,
    unit: str,
    direction: Any = None,
    period: str = "2026-W47",
    of: str = "",
) -> Fact:
    return Fact(
        id=f"{kind}|{subject}|{of or ('' if period.startswith('2026-10') else period)}",
        kind=kind,
        subject=subject,
        value=value,
        unit=unit,
        direction=direction,
        period=period,
        text=f"{kind} {value} {unit}",
    )


FACTS = (
    fact("date.week", "", None, "date", period="2026-11-16"),
    fact("sessions.week", "", 4, "sessions"),
    fact("hard_sets.week", "", 62, "hard sets"),
    fact("window.weeks", "", 4, "weeks"),
    fact("tonnage.week", "", 31_240, "kg"),
    fact("tonnage.before", "", 27_893, "kg", period="2026-10-19/2026-11-15"),
    fact("tonnage.change", "", 12, "%", "up"),
    fact("records.week", "", 3, "records"),
    fact("e1rm.record", SQUAT, 150.5, "kg", "up", "2026-11-18"),
    fact("e1rm.previous", SQUAT, 147.5, "kg", "up", "2026-11-18"),
    fact("e1rm.week", SQUAT, 150.5, "kg"),
    fact("e1rm.change", SQUAT, 2, "%", "up"),
    fact("e1rm.week", BENCH, 102.5, "kg"),
    fact("e1rm.change", BENCH, 1.2, "%", "down"),
    fact("form.today", "", -12.3, "points", period="2026-11-20"),
    fact("load.next", SQUAT, 120, "kg", period="next"),
    fact("reps.next", SQUAT, 5, "reps", period="next"),
    fact("e1rm.low", SQUAT, 138, "kg", period="next"),
    fact("e1rm.high", SQUAT, 156, "kg", period="next"),
    fact("interval.coverage", "", 80, "%", period="next"),
)
