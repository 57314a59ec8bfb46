"""`loadstone import --dry-run`: the receipt without any server, for eyes and for programs."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from loadstone.cli.importing import import_log

SAMPLES = Path(__file__).parents[2] / "samples"
KEYS = {
    *("format", "variant", "unit", "rows_read", "workouts", "workouts_already_present", "sets_recorded"),
    *("non_set_rows", "rejected", "exercises", "warnings"),
}


@pytest.mark.parametrize("sample", sorted(path.name for path in SAMPLES.glob("*.csv")))
def test_the_json_receipt_of_every_sample_adds_up(sample: str) -> None:
    result = CliRunner().invoke(import_log, [str(SAMPLES / sample), "--dry-run", "--json"])
    assert result.exit_code == 0, result.output
    receipt = json.loads(result.stdout)
    assert set(receipt) == KEYS
    counted = receipt["sets_recorded"] + sum(receipt["non_set_rows"].values()) + len(receipt["rejected"])
    assert receipt["rows_read"] == counted
    assert set(receipt["unit"]) == {"value", "inferred", "evidence"}


def test_the_table_names_rejected_rows_and_warnings() -> None:
    result = CliRunner().invoke(import_log, [str(SAMPLES / "strong_2020.csv"), "--dry-run"])
    assert result.exit_code == 0
    assert "line 17, reps" in result.output
    assert "Worth knowing" in result.output


def test_a_given_unit_and_zone_are_taken() -> None:
    options = ["--dry-run", "--json", "--unit", "lb", "--time-zone", "Europe/Berlin"]
    result = CliRunner().invoke(import_log, [str(SAMPLES / "strong_2017.csv"), *options])
    assert json.loads(result.stdout)["unit"]["value"] == "lb"


def test_what_cannot_be_read_ends_with_a_sentence(tmp_path: Path) -> None:
    file = tmp_path / "log.csv"
    file.write_bytes(b"not a log")
    result = CliRunner().invoke(import_log, [str(file), "--dry-run"])
    assert result.exit_code == 1
    assert "Not a training log" in result.output
    zone = CliRunner().invoke(import_log, [str(SAMPLES / "hevy_kg.csv"), "--dry-run", "--time-zone", "Mars"])
    assert zone.exit_code == 1
    assert "time zone" in zone.output


def test_recording_needs_an_athlete() -> None:
    result = CliRunner().invoke(import_log, [str(SAMPLES / "hevy_kg.csv")])
    assert result.exit_code == 2
    assert "--athlete" in result.output
