"""How many sets of real logs find their exercise: of athletes whose names shaped the aliases, and of those held out."""

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from models.domain import catalogue
from models.domain.catalogue import normalise
from models.domain.receipts import Match
from models.readers.matching import match

SETS = Path(__file__).parents[4] / "shared" / "data" / "sets.parquet"
# A log with so many sets under names that are in no English spelling is in another language.
FOREIGN = 0.25
FLOORS = {
    ("seen", "English"): 0.98,
    ("seen", "all"): 0.98,
    ("held out", "English"): 0.93,
    ("held out", "all"): 0.93,
    ("together", "English"): 0.97,
    ("together", "all"): 0.97,
}

pytestmark = pytest.mark.skipif(not SETS.exists(), reason="the real logs are not on this machine")


def held_out(athlete: str) -> bool:
    """A quarter of the athletes, by chance: their names were not looked at while the aliases were written."""
    return hashlib.sha256(athlete.encode()).digest()[0] % 4 == 0


def rows() -> Iterator[dict[str, Any]]:
    """A row for each name of each log, with its sets, and whether it found an exercise, by a foreign name or not."""
    known = catalogue.load()
    local = {normalise(name) for names in known.local_names.values() for name in names}
    english = {spelling for spelling in known.by_name if spelling not in local}
    for row in pl.read_parquet(SETS).group_by("athlete", "app", "exercise").len("sets").iter_rows(named=True):
        item, spelling = match(row["exercise"], known), normalise(row["exercise"])
        foreign = item.exercise is not None and spelling in local and spelling not in english
        group = "held out" if held_out(row["athlete"]) else "seen"
        yield row | {"found": item.match is not Match.CUSTOM, "foreign": foreign, "group": group}


def measured() -> pl.DataFrame:
    sets = pl.col("sets")
    share = (sets * pl.col("foreign")).sum().over("athlete", "app") / sets.sum().over("athlete", "app")
    language = pl.when(share > FOREIGN).then(pl.lit("other")).otherwise(pl.lit("English"))
    return pl.DataFrame(list(rows())).with_columns(language.alias("language"))


def coverage(log: pl.DataFrame) -> float:
    return log.select((pl.col("sets") * pl.col("found")).sum() / pl.col("sets").sum()).item()


def test_the_sets_of_real_logs_find_their_exercises(capsys: pytest.CaptureFixture[str]) -> None:
    logs = measured()
    with capsys.disabled():
        for (group, app), log in sorted(logs.group_by("group", "app"), key=lambda pair: pair[0]):
            print(f"{group} {app}: {coverage(log):.2%} of {log['sets'].sum()} sets")
    for (group, language), floor in FLOORS.items():
        log = logs if group == "together" else logs.filter(pl.col("group") == group)
        log = log if language == "all" else log.filter(pl.col("language") == language)
        with capsys.disabled():
            print(f"{group}, {language}: {coverage(log):.2%} of {log['sets'].sum()} sets")
        assert coverage(log) >= floor, (group, language)
