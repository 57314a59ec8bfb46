"""Every real log against an independent normalisation of it; skipped where the logs are absent."""

import csv
from pathlib import Path

import polars as pl
import pytest

from models.domain import catalogue
from models.readers import parsed
from models.readers.parsed import ParsedLog
from tests.models.readers.normalised import actual, differences, expected, files, folder_of, read, settled


@pytest.fixture(scope="module")
def normalised(real_logs: Path) -> pl.DataFrame:
    return pl.read_parquet(real_logs / "sets.parquet")


@pytest.fixture(scope="module")
def read_logs(real_logs: Path) -> dict[Path, ParsedLog]:
    return {file: read(file) for file in files(real_logs)}


def test_recorded_sets_equal_the_normalisation_but_for_rejected_rows(
    read_logs: dict[Path, ParsedLog], normalised: pl.DataFrame
) -> None:
    for file, read_log in read_logs.items():
        log, folder = settled(file, read_log), folder_of(file)
        receipt = parsed.receipt(log, catalogue.load())
        wanted = expected(normalised, file.stem, folder.app)
        missing, surplus = differences(wanted, actual(log, folder))
        assert receipt.adds_up(), file.name
        assert surplus == folder.not_normalised, file.name
        assert missing <= len(log.rejected), file.name
        assert receipt.sets_recorded + missing == sum(map(len, wanted.values())) + surplus, file.name


def test_few_rows_are_rejected(read_logs: dict[Path, ParsedLog]) -> None:
    rejected = sum(len(log.rejected) for log in read_logs.values())
    assert rejected <= 0.005 * sum(log.rows_read for log in read_logs.values())


def test_units_are_inferred_as_the_normalisation_has_them_or_left_open(
    real_logs: Path, read_logs: dict[Path, ParsedLog]
) -> None:
    with (real_logs / "logs.csv").open(encoding="utf-8") as index:
        stated = {row["file"]: row["units"] for row in csv.DictReader(index)}
    open_ones = 0
    for file, log in read_logs.items():
        known = stated[f"logs/{file.parent.name}/{file.name}"]
        if known.startswith("inferred"):
            open_ones += log.unit_missing
            assert log.unit.value in (None, known.split()[1]), file.name
    assert open_ones <= 1


def test_the_catalogue_resolves_nine_sets_in_ten(normalised: pl.DataFrame) -> None:
    known = catalogue.load()
    names: list[str] = normalised.filter(pl.col("app").is_in(["strong", "hevy"]))["exercise"].to_list()
    assert sum(known.resolve(name) is not None for name in names) >= 0.9 * len(names)
