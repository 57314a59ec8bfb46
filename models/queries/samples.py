"""Drawing athletes to try something on, over all of them."""

from models.db import Session, raw
from models.queries.visibility import VisibleAthlete, system

# Mixed up, but the same ones every time: what is tried twice can be compared.
SAMPLE = """
SELECT clock.athlete_id FROM athlete_clocks AS clock
WHERE EXISTS (
    SELECT FROM workouts WHERE workouts.athlete_id = clock.athlete_id AND workouts.deleted_at IS NULL
)
ORDER BY md5(clock.athlete_id::text) LIMIT $1
"""


async def sample(session: Session, count: int) -> list[VisibleAthlete]:
    """So many of the athletes who have a workout, or all of them where there are fewer."""
    rows = await (await raw(session)).fetch(SAMPLE, count)
    return [system(row["athlete_id"]) for row in rows]
