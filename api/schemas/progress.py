"""The envelopes of the pages that apps poll."""

from api.schemas.insights import Insight
from models.domain.athlete_progress import AthleteDocument
from models.domain.exercise_progress import ExerciseDetail, ExerciseIndex
from models.domain.muscle_progress import MuscleDetail, MuscleIndex
from models.domain.periods import PeriodComparison


class AthleteInsight(Insight, frozen=True, kw_only=True):
    document: AthleteDocument | None


class ComparisonInsight(Insight, frozen=True, kw_only=True):
    document: PeriodComparison | None


class ExerciseIndexInsight(Insight, frozen=True, kw_only=True):
    document: ExerciseIndex | None


class ExerciseInsight(Insight, frozen=True, kw_only=True):
    document: ExerciseDetail | None


class MuscleIndexInsight(Insight, frozen=True, kw_only=True):
    document: MuscleIndex | None


class MuscleInsight(Insight, frozen=True, kw_only=True):
    document: MuscleDetail | None
