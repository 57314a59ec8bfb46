"""The step `muscles`: a page for each muscle that was trained or has a range, and their index."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from datetime import date, timedelta

import polars as pl
from msgspec import Struct

from analytics.documents import muscle_details
from analytics.documents.muscle_details import WEEK, MuscleWeek, Situation
from analytics.metrics import muscles
from analytics.training import Training
from models.domain.exercises import Muscle
from models.domain.field_profiles import Level
from models.domain.insights import Reason
from models.domain.muscle_progress import Contribution, MuscleDetail, MuscleIndex, MusclesDocument
from models.domain.set_ranges import JUNK_VOLUME_ABOVE_SETS, range_of

_NO_COMPLETE_WEEK = Reason(code="no_complete_week", text="The first week of training is not over yet.", values={})


class MusclesParams(Struct, frozen=True, kw_only=True):
    """What may be chosen about muscles; all of it is lineage. `mean_weeks` complete weeks are averaged at most."""

    mean_weeks: int = 4


def muscles_v1(training: Training, params: MusclesParams) -> dict[str, Struct]:
    """The document muscles."""
    situation = _situation(training, params)
    details = _details(training, situation) if training.workouts.height else []
    document = MusclesDocument(
        as_of=training.as_of,
        index=MuscleIndex(
            level=situation.level,
            this_week_start=situation.this_week,
            junk_volume_above_sets=JUNK_VOLUME_ABOVE_SETS,
            weeks_reason=situation.weeks_reason,
            muscles=tuple(muscle_details.entry(detail) for detail in details),
        ),
        muscles={detail.muscle: detail for detail in details},
    )
    return {"muscles": document}


def _situation(training: Training, params: MusclesParams) -> Situation:
    """Complete weeks are counted from the athlete's first trained one, whatever was trained in it."""
    this_week = training.as_of - timedelta(days=training.as_of.weekday())
    first: date | None = training.workouts.get_column("performed_on").min()  # pyright: ignore[reportAssignmentType]
    begun = this_week if first is None else first - timedelta(days=first.weekday())
    weeks = max(min((this_week - begun) // WEEK, params.mean_weeks), 0)
    return Situation(
        level=Level(training.athletes.item(0, "level") or Level.BEGINNER),
        this_week=this_week,
        weeks=weeks,
        weeks_reason=None if weeks else _NO_COMPLETE_WEEK,
        contributions_from=this_week - WEEK * params.mean_weeks,
    )


def _details(training: Training, situation: Situation) -> list[MuscleDetail]:
    targeted = muscles.targeted(training.atoms, training.muscles)
    recent = targeted.filter(pl.col("week_start") >= situation.contributions_from)
    weeks, contributed = _weeks(targeted), _contributions(recent, training.names)
    return [
        muscle_details.detail(muscle, weeks[muscle], contributed[muscle], situation)
        for muscle in Muscle
        if muscle in weeks or range_of(muscle, situation.level)
    ]


def _weeks(targeted: pl.DataFrame) -> Mapping[str, dict[date, MuscleWeek]]:
    weeks: dict[str, dict[date, MuscleWeek]] = defaultdict(dict)
    for _, muscle, week_start, *week in muscles.weeks(targeted).iter_rows():
        weeks[muscle][week_start] = MuscleWeek(*week)
    return weeks


def _contributions(targeted: pl.DataFrame, names: Mapping[int, str]) -> Mapping[str, list[Contribution]]:
    rows = muscles.contributions(targeted).rows()
    totals: Counter[str] = Counter()
    for _, muscle, _, _, milli in rows:
        totals[muscle] += milli
    found: dict[str, list[Contribution]] = defaultdict(list)
    for _, muscle, exercise_id, sets, milli in rows:
        found[muscle].append(
            Contribution(
                exercise_id=exercise_id,
                exercise=names[exercise_id],
                sets=sets,
                hard_sets=milli / 1000,
                share_percent=round(100 * milli / totals[muscle], 2),
            )
        )
    return found
