"""The JSON export, for its description: it is written and read piece by piece."""

from msgspec import Struct

from models.domain.exports import Head, OwnExercise, OwnItem, OwnMerge, Settings, WrittenWorkout


class ExportDocument(Struct, frozen=True, kw_only=True):
    """Everything that an athlete recorded. What is not there was not recorded; tombstones are not exported."""

    loadstone: Head
    settings: Settings
    exercises: tuple[OwnExercise, ...]
    merges: tuple[OwnMerge, ...]
    items: tuple[OwnItem, ...]
    workouts: tuple[WrittenWorkout, ...]
