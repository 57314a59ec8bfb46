"""What a diff comes to: figures by table, by column and by athlete, from all the changes of all athletes."""

from collections.abc import Sequence
from datetime import datetime

import msgspec
import polars as pl
from msgspec import Struct

from workflows.steps.changes import ADDED, CHANGED, REMOVED, Compared

_CHANGE = pl.struct(
    *("athlete", "table", "row", "column"),
    pl.col("before_text").alias("before"),
    pl.col("after_text").alias("after"),
    "relative",
)


class About(Struct, frozen=True, kw_only=True):
    """What was compared, on what, when, and by which code; `params` by name, as they were before and are after."""

    before: str
    after: str
    inputs: str
    made_at: datetime
    git_revision: str
    before_code: str | None
    after_code: str
    params: tuple[tuple[str, str, str], ...] = ()


class Largest(Struct, frozen=True, kw_only=True):
    """The largest relative change and where it is; of changes that have no relative one, the first."""

    athlete: str
    table: str
    row: str
    column: str
    before: str | None
    after: str | None
    relative: float | None


class TableFigures(Struct, frozen=True, kw_only=True):
    """Rows of a table that came, went, or changed in at least one column."""

    table: str
    added: int
    removed: int
    changed: int


class ColumnFigures(Struct, frozen=True, kw_only=True):
    """Changes of a column: of all of them numbers that were null before, are null now, or were 0 before."""

    table: str
    column: str
    changed: int
    appeared: int
    vanished: int
    from_zero: int
    median_relative: float | None
    largest: Largest


class AthleteFigures(Struct, frozen=True, kw_only=True):
    """Rows of an athlete that came, went or changed, and the largest change."""

    athlete: str
    added: int
    removed: int
    changed: int
    largest: Largest | None


class Failure(Struct, frozen=True, kw_only=True):
    """An athlete of whom one of the two could not be computed."""

    athlete: str
    problem: str


class Figures(Struct, frozen=True, kw_only=True):
    """All that a diff counts. `athletes` are all that were compared; those that failed are neither same nor changed."""

    athletes: int
    changed: int
    failed: int
    failed_before: int
    failed_after: int
    documents: int
    identical: int
    added: int
    removed: int
    changed_rows: int
    tables: tuple[TableFigures, ...]
    columns: tuple[ColumnFigures, ...]
    worst: tuple[AthleteFigures, ...]
    failures: tuple[Failure, ...]

    @property
    def same(self) -> bool:
        return self.changed == 0 and self.failed == 0


def figures(compared: Sequence[Compared], changes: pl.DataFrame) -> Figures:
    """The figures; columns by their number of changes, athletes with the largest relative change first."""
    tables = _tables(changes)
    failures = tuple(Failure(athlete=one.athlete, problem=one.problem) for one in compared if one.problem is not None)
    return Figures(
        athletes=len(compared),
        changed=sum(not one.same and one.problem is None for one in compared),
        failed=len(failures),
        failed_before=sum(one.failed_before for one in compared),
        failed_after=sum(one.failed_after for one in compared),
        documents=sum(one.documents for one in compared),
        identical=sum(one.identical for one in compared),
        added=sum(table.added for table in tables),
        removed=sum(table.removed for table in tables),
        changed_rows=sum(table.changed for table in tables),
        tables=tables,
        columns=_columns(changes),
        worst=_athletes(changes),
        failures=failures,
    )


def all_changes(compared: Sequence[Compared]) -> pl.DataFrame:
    """The changes of all athletes, in the order of the athletes."""
    return pl.concat([Compared(athlete="").changes, *(one.changes for one in compared)])


def worst_rows(changes: pl.DataFrame, limit: int) -> list[Largest]:
    """The largest relative changes of all."""
    rows = changes.filter(pl.col("change") == CHANGED).sort(pl.col("relative").abs(), descending=True, nulls_last=True)
    return msgspec.convert(rows.head(limit).select(_CHANGE).to_series().to_list(), list[Largest])


def _tables(changes: pl.DataFrame) -> tuple[TableFigures, ...]:
    rows = changes.group_by("table").agg(_rows()).sort("table")
    return msgspec.convert(rows.to_dicts(), tuple[TableFigures, ...])


def _columns(changes: pl.DataFrame) -> tuple[ColumnFigures, ...]:
    changed = changes.filter(pl.col("change") == CHANGED).sort("athlete", "table", "row")
    rows = (
        changed.group_by("table", "column", maintain_order=True)
        .agg(
            pl.len().alias("changed"),
            pl.col("before_text").null_count().alias("appeared"),
            pl.col("after_text").null_count().alias("vanished"),
            ((pl.col("before") == 0) & pl.col("after").is_not_null()).sum().alias("from_zero"),
            pl.col("relative").median().alias("median_relative"),
            _largest(),
        )
        .sort("changed", "table", "column", descending=[True, False, False])
    )
    return msgspec.convert(rows.to_dicts(), tuple[ColumnFigures, ...])


def _athletes(changes: pl.DataFrame) -> tuple[AthleteFigures, ...]:
    changed = changes.filter(pl.col("change") == CHANGED).sort("athlete", "table", "row", "column")
    worst = changed.group_by("athlete").agg(_largest())
    rows = changes.group_by("athlete").agg(_rows()).join(worst, on="athlete", how="left").sort("athlete")
    found = msgspec.convert(rows.to_dicts(), tuple[AthleteFigures, ...])
    return tuple(sorted(found, key=_badness, reverse=True))


def _badness(athlete: AthleteFigures) -> tuple[float, int]:
    relative = None if athlete.largest is None else athlete.largest.relative
    return abs(relative or 0.0), athlete.added + athlete.removed + athlete.changed


def _rows() -> list[pl.Expr]:
    """Rows by what became of them, each once however many of its columns changed."""
    row = pl.struct("athlete", "table", "row")
    return [row.filter(pl.col("change") == change).n_unique().alias(change) for change in (ADDED, REMOVED, CHANGED)]


def _largest() -> pl.Expr:
    size = pl.col("relative").abs()
    return _CHANGE.sort_by(size, descending=True, nulls_last=True).first().alias("largest")
