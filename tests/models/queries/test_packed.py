"""Rows packed by PostgreSQL and unpacked by numpy are the rows that were there, the least and the most of them."""

import doctest

import numpy as np
import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from models.db import raw
from models.queries import packed
from models.queries.packed import Part
from models.queries.population_history import ABOUT, EXTENT, LOADED, REST

# What the columns of the tables may hold: see their types and checks.
MOST = {
    "load_g": 1_200_000,
    "exercise_id": 2**31 - 1,
    "distance_mm": 2**31 - 2,
    "duration_ms": 2**31 - 1,
    "side": 3,
    "load_mode": 5,
    "kind": 10,
    "rpe_tenths": 100,
    "rir_tenths": 300,
    "reps": 10_000,
    "position": 2**15 - 1,
    "bodyweight_g": 650_000,
    "session_rpe_tenths": 100,
}


@pytest.mark.parametrize("parts", [LOADED, EXTENT, REST, ABOUT])
async def test_the_least_the_most_and_null_come_back(session: AsyncSession, parts: tuple[Part, ...]) -> None:
    names = ", ".join(part.column for part in parts)
    rows = [
        ", ".join(str(MOST[part.column]) for part in parts),
        ", ".join("null" if part.nullable else "0" for part in parts),
        *(", ".join(str(MOST[part.column] if part is one else 0) for part in parts) for one in parts),
    ]
    values = ", ".join(f"({row})" for row in rows)
    query = f"SELECT {packed.packing(parts)} FROM (VALUES {values}) AS given ({names})"
    read = await packed.copied(await raw(session), query, fields={"packed": "bigint"})
    found = packed.unpacked(read["packed"], parts)
    for part in parts:
        expected = [MOST[part.column], packed.NULL if part.nullable else 0]
        assert found[part.column].tolist()[:2] == expected
        assert found[part.column].tolist()[2:] == [MOST[part.column] if part is one else 0 for one in parts]


async def test_every_kind_of_field_is_read_from_any_number_of_rows(session: AsyncSession) -> None:
    query = "SELECT lpad(to_hex(n), 32, '0')::uuid, n, -n::bigint FROM generate_series(1, $1::int) AS n"
    fields = {"id": "uuid", "number": "int", "less": "bigint"}
    for count in (0, 1, 70_000):
        read = await packed.copied(await raw(session), query, count, fields=fields)
        assert read["number"].tolist() == list(range(1, count + 1))
        assert np.array_equal(read["less"], -np.arange(1, count + 1))
        assert [int.from_bytes(one.tobytes(), "big") for one in read["id"][:300]] == list(range(1, count + 1))[:300]


def test_more_bits_than_an_integer_has_are_refused() -> None:
    with pytest.raises(ValueError, match="64 bits"):
        packed.packing((Part("one", 32), Part("other", 32)))


async def test_a_null_that_nobody_expected_is_no_row_of_zeros(session: AsyncSession) -> None:
    with pytest.raises(ValueError, match="width"):
        await packed.copied(await raw(session), "SELECT null::bigint", fields={"packed": "bigint"})


def test_the_examples_are_true() -> None:
    assert doctest.testmod(packed).failed == 0
