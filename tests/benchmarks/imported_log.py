"""The file that the benchmarks import: an export of Strong with twenty sets of five exercises a workout."""

from collections.abc import Generator
from datetime import datetime, timedelta
from random import Random

HEADER = "Date,Workout Name,Duration,Exercise Name,Set Order,Weight,Reps,Distance,Seconds,Notes,Workout Notes,RPE"
LIFTS = (
    ("Squat (Barbell)", 120.0, 5),
    ("Bench Press (Barbell)", 85.0, 6),
    ("Deadlift (Barbell)", 150.0, 4),
    ("Bent Over Row (Barbell)", 70.0, 8),
    ("Bicep Curl (Dumbbell)", 17.5, 12),
)
SETS = 4


def strong_csv(workouts: int) -> bytes:
    """The file, the same each time."""
    return ("\r\n".join((HEADER, *_rows(workouts, Random(0)))) + "\r\n").encode()


def _rows(workouts: int, chance: Random) -> Generator[str]:
    for number in range(workouts):
        at = datetime.fromisoformat("2010-01-04 17:30:00") + number * timedelta(hours=50)
        for name, load, reps in LIFTS:
            for position in range(SETS):
                weight = load + 2.5 * chance.randrange(8)
                rpe = chance.choice(("7.5", "8", "9")) if position == SETS - 1 and chance.random() < 0.1 else ""
                note = "Belt on" if chance.random() < 0.02 else ""
                yield f'{at},"Full body",1h 15m,"{name}",{position + 1},{weight},{reps},0,0,"{note}","",{rpe}'
