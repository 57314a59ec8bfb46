"""A diff from beginning to end: which versions, on whose inputs, its figures and page, kept if wanted."""

import importlib
from collections.abc import AsyncIterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter
from uuid import UUID

import msgspec
import polars as pl
from msgspec import Struct

from loadstone import pipelines, workbench
from loadstone.errors import Trouble
from loadstone.settings import Settings
from loadstone.threads import threads
from models import db
from models.db import DatabaseConfig, Direct
from models.services import promotions
from models.services.promotions import DiffDraft
from workflows import build
from workflows.steps import choosing, diff, figures, runner
from workflows.steps.changes import Compared
from workflows.steps.code import code_digest
from workflows.steps.diff import Found
from workflows.steps.figures import About, Figures
from workflows.steps.folders import new_folder
from workflows.steps.step import Step

THREADS, SAMPLE = 2, 40
MANIFEST, CHANGES, REPORT = "diff.json", "changes.parquet", "report.html"
DRAWING = {"altair", "jinja2", "markupsafe", "vl_convert"}
NO_REPORT = "The report is drawn by altair, which is not installed: install the extra `loadstone[workbench]`."


class Order(Struct, frozen=True, kw_only=True):
    """What to compare: two versions, one with the active one, or without a version the code with what is recorded."""

    steps: tuple[str, ...]
    athletes: tuple[str, ...] = ()
    sample: int | None = None
    snapshot: Path | None = None
    store: bool = False


@dataclass(frozen=True, kw_only=True)
class Sides:
    """The two versions; `before` is None for a step that no pipeline has yet, and where results on record stand."""

    before: Step | None
    after: Step
    recorded: bool = False


@dataclass(frozen=True, kw_only=True)
class Made:
    """A diff; without a page where nothing is installed that draws, and without an id where it is not stored."""

    about: About
    figures: Figures
    changes: pl.DataFrame
    page: bytes | None
    stored: UUID | None
    seconds: float


async def make(order: Order, chosen: Settings, steps: Sequence[Step]) -> Made:
    """Run both versions, compare, draw, and store the diff if wanted."""
    started = perf_counter()
    sides = await _sides(order, chosen, steps)
    if order.store and sides.recorded:
        raise Trouble("Only a diff between versions is stored: say STEP@VERSION.")
    with threads(THREADS) as pool:
        compared = await _compared(order, sides, chosen, pool)
    changes = figures.all_changes(compared)
    about = _about(order, sides, len(compared), build.this_build(chosen.git_revision).git_revision)
    found = figures.figures(compared, changes)
    page = _page(about, found, changes)
    stored = await _store(about, sides, found, page, chosen.database) if order.store else None
    seconds = perf_counter() - started
    return Made(about=about, figures=found, changes=changes, page=page, stored=stored, seconds=seconds)


def save(made: Made, target: Path) -> None:
    """Write the folder, in the place of an earlier diff if there is one; raises Conflict over anything else."""
    with new_folder(target, mark=MANIFEST) as folder:
        made.changes.write_parquet(folder / CHANGES)
        told = {"about": made.about, "figures": made.figures, "stored": made.stored}
        (folder / MANIFEST).write_bytes(msgspec.json.format(msgspec.json.encode(told)) + b"\n")
        if made.page is not None:
            (folder / REPORT).write_bytes(made.page)


async def _sides(order: Order, chosen: Settings, steps: Sequence[Step]) -> Sides:
    *first, last = order.steps
    after = choosing.choose(steps, last)
    if first:
        before = choosing.choose(steps, first[0])
        if before.name != after.name:
            raise Trouble(f"{before.name} and {after.name} are different steps.")
        return Sides(before=before, after=after)
    active = (await pipelines.active(chosen.database)).get(after.pipeline, {}).get(after.name)
    if "@" in last:
        return Sides(before=None if active is None else runner.find(steps, after.name, active), after=after)
    if order.snapshot is not None:
        raise Trouble("A snapshot holds no results on record: say STEP@VERSION.")
    return Sides(before=None, after=after if active is None else runner.find(steps, after.name, active), recorded=True)


async def _compared(order: Order, sides: Sides, chosen: Settings, pool: ThreadPoolExecutor) -> list[Compared]:
    if order.snapshot is not None:
        found = diff.of_snapshot(order.snapshot, sides.before, sides.after, count=order.sample)
        return await _all(found, sides, pool)

    async def reading(session: Direct) -> list[Compared]:
        sample = order.sample or (0 if order.athletes else SAMPLE)
        athletes = await workbench.chosen_athletes(session, order.athletes, sample)
        if sides.recorded:
            return await _all(diff.of_recorded(session, sides.after, athletes), sides, pool)
        now = datetime.now(UTC)
        return await _all(diff.of_database(session, sides.before, sides.after, athletes, now=now), sides, pool)

    return await workbench.read(chosen.database, reading)


async def _all(found: AsyncIterator[Found], sides: Sides, pool: ThreadPoolExecutor) -> list[Compared]:
    return [one async for one in diff.compared(found, sides.before, sides.after, pool)]


def _about(order: Order, sides: Sides, athletes: int, git_revision: str) -> About:
    of = "the database" if order.snapshot is None else f"the snapshot {order.snapshot.name}"
    return About(
        before="recorded results" if sides.recorded else _label(sides.before),
        after=_label(sides.after),
        inputs=f"{athletes:,} athlete{'' if athletes == 1 else 's'} of {of}",
        made_at=datetime.now(UTC),
        git_revision=git_revision,
        before_code=None if sides.before is None else code_digest(sides.before),
        after_code=code_digest(sides.after),
        params=() if sides.before is None else tuple(_params(sides.before, sides.after)),
    )


def _label(step: Step | None) -> str:
    return "nothing" if step is None else f"{step.name}@{step.version}"


def _params(before: Step, after: Step) -> list[tuple[str, str, str]]:
    old, new = runner.params(before), runner.params(after)
    names = [name for name in dict.fromkeys((*old, *new)) if old.get(name) != new.get(name)]
    return [(name, str(old.get(name, "")), str(new.get(name, ""))) for name in names]


def _page(about: About, found: Figures, changes: pl.DataFrame) -> bytes | None:
    try:
        report = importlib.import_module("workflows.steps.report")
    except ModuleNotFoundError as error:
        if error.name in DRAWING:
            return None
        raise
    return report.render(about, found, changes)


async def _store(about: About, sides: Sides, found: Figures, page: bytes | None, database: DatabaseConfig) -> UUID:
    if page is None:
        raise Trouble(NO_REPORT)
    draft = DiffDraft(
        step=sides.after.name,
        from_version=None if sides.before is None else sides.before.version,
        to_version=sides.after.version,
        from_code=about.before_code,
        to_code=about.after_code,
        git_revision=about.git_revision,
        athletes=found.athletes,
        athletes_changed=found.changed,
        figures=msgspec.to_builtins(found),
        report=page,
    )
    engine = db.engine(database)
    try:
        async with db.direct(engine, transaction=True) as session:
            return await promotions.store_diff(session, draft, now=datetime.now(UTC))
    finally:
        await engine.dispose()
