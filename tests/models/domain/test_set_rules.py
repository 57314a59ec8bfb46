"""The rules across a set's fields and across the sets of a workout, and that what was entered comes back."""

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models import ids
from models.domain import revisions, workout_view, workouts
from models.domain.errors import Invalid
from models.domain.exercises import LoadMode
from models.domain.sets import SetDraft, SetKind, SetTarget, Side, Tempo, extras, set_record
from models.domain.units import MassUnit
from tests.factories import BENCH_PRESS, NOW, a_full_set, a_set, a_workout

MACHINE: dict[str, Any] = {"load_mode": LoadMode.MACHINE_UNITS, "load_unit": None}


@pytest.mark.parametrize(
    ("sets", "path"),
    [
        ([a_set(superset=1, circuit=1)], "$.sets[0].circuit"),
        ([a_set(target=SetTarget())], "$.sets[0].target"),
        ([a_set(target=SetTarget(reps_low=8, reps_high=6))], "$.sets[0].target.reps_high"),
        ([a_set(target=SetTarget(load=100))], "$.sets[0].target.load_unit"),
        ([a_set(target=SetTarget(load=2_000, load_unit=MassUnit.KG))], "$.sets[0].target.load"),
        ([a_set(target=SetTarget(rpe=8, rir=2))], "$.sets[0].target.rir"),
        ([a_set(target=SetTarget(rpe=8.25))], "$.sets[0].target.rpe"),
        ([a_set(chain=1), a_set(), a_set(chain=1)], "$.sets[2].chain"),
        ([a_set(chain=1), a_set(chain=2), a_set(chain=1)], "$.sets[2].chain"),
        ([a_set(chain=1), a_set(BENCH_PRESS, chain=1)], "$.sets[1].chain"),
        ([a_set(load=1_201, **MACHINE)], "$.sets[0].load"),
        ([a_set(load=7, load_mode=LoadMode.BAND, load_unit=None)], "$.sets[0].load_unit"),
        ([a_set(load=None, load_unit=MassUnit.KG, load_mode=LoadMode.MACHINE_UNITS)], "$.sets[0].load_unit"),
    ],
)
def test_a_broken_rule_names_its_path(sets: list[SetDraft], path: str) -> None:
    with pytest.raises(Invalid) as refused:
        workouts.check(a_workout(sets=tuple(sets)), now=NOW)
    assert [fault.path for fault in refused.value.faults] == [path]


def test_what_a_lifter_logs_is_accepted() -> None:
    sets = (
        a_set(chain=5),
        a_set(kind=SetKind.DROP, chain=5, load=80),
        a_set(kind=SetKind.DROP, chain=5, load=60, reps=0),
        a_set(BENCH_PRESS, superset=1),
        a_set(superset=1),
        a_set(circuit=2, side=Side.LEFT),
        a_set(kind=SetKind.MYO_REP, chain=2),
        a_set(load=7, **MACHINE),
        a_full_set(),
        SetDraft(exercise_id=BENCH_PRESS),
    )
    workouts.check(a_workout(sets=sets), now=NOW)


@pytest.mark.parametrize("tempo", ["31X0", "3-1-X-0", "10-0-X-0", "4010"])
def test_a_tempo_is_four_phases(tempo: str) -> None:
    assert msgspec.json.decode(msgspec.json.encode(tempo), type=Tempo) == tempo


@pytest.mark.parametrize("tempo", ["310", "3-1-0", "31x0", "3-1-X-0\n", "100-1-1-1", "3--1-0", "31X0 ", ""])
def test_what_is_no_tempo_is_refused(tempo: str) -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.json.decode(msgspec.json.encode(tempo), type=Tempo)


def test_the_number_on_a_machines_stack_comes_back_without_a_unit() -> None:
    told = read_back(a_set(load=7.5, **MACHINE))
    assert (told["load"], told["load_unit"], told["load_mode"]) == (7.5, None, "machine_units")


def test_a_target_comes_back_beside_what_was_done() -> None:
    target = SetTarget(reps_low=3, reps_high=5, load=44.0925, load_unit=MassUnit.LB, rir=1.5, duration_s=0.5)
    told = read_back(a_set(target=target))["target"]
    assert told == msgspec.to_builtins(target)


def test_rare_fields_are_kept_apart_from_the_hot_table() -> None:
    assert extras(set_record(a_set())) is None
    rare = extras(set_record(a_full_set()))
    assert rare is not None
    assert (rare.chain, rare.tempo, rare.circuit) == (1, "3-1-X-0", None)


@given(
    load=st.floats(0, 500).map(lambda value: round(value, 4)),
    unit=st.sampled_from(MassUnit),
    reps=st.none() | st.integers(0, 1000),
    rpe=st.none() | st.integers(0, 100).map(lambda tenths: tenths / 10),
)
def test_every_value_comes_back_as_it_was_entered(load: float, unit: MassUnit, reps: int | None, rpe: Any) -> None:
    told = read_back(a_set(load=load, load_unit=unit, reps=reps, rpe=rpe))
    assert (told["load"], told["load_unit"], told["reps"], told["rpe"]) == (load, unit, reps, rpe)


def read_back(entry: SetDraft) -> dict[str, Any]:
    """The set as a client reads it, by way of the record that history keeps."""
    record = workouts.record(a_workout(sets=(entry,)), workout_id=ids.new())
    kept = revisions.decode(revisions.encode(record), record.schema_version)
    return msgspec.json.decode(workout_view.body(kept, created_at=NOW, updated_at=NOW))["sets"][0]
