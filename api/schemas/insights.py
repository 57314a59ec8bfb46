"""The envelope around a stored document: what it covers, and how far the athlete's data has gone since."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from msgspec import Struct

from models.domain.insights import (
    E1rmDocument,
    ProgressDocument,
    RecommendationsDocument,
    RecordsDocument,
    SummaryDocument,
)


class Insight(Struct, frozen=True, kw_only=True):
    """`document` and what tells of it are null before the first analysis.

    It is up to date when `data_version` equals `current_version`.
    """

    current_version: int
    data_version: int | None
    as_of: date | None
    step_run_id: UUID | None
    computed_at: datetime | None


class ProgressInsight(Insight, frozen=True, kw_only=True):
    document: ProgressDocument | None


class E1rmInsight(Insight, frozen=True, kw_only=True):
    document: E1rmDocument | None


class RecordsInsight(Insight, frozen=True, kw_only=True):
    document: RecordsDocument | None


class RecommendationsInsight(Insight, frozen=True, kw_only=True):
    document: RecommendationsDocument | None


class SummaryInsight(Insight, frozen=True, kw_only=True):
    document: SummaryDocument | None


class AnyInsight(Insight, frozen=True, kw_only=True):
    """Of a step that has no route of its own."""

    document: Any
