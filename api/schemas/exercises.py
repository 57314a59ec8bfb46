"""A custom exercise as a client sends it."""

from uuid import UUID

from models.domain.exercises import CustomExerciseDraft


class NewExercise(CustomExerciseDraft, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An exercise of the athlete's own. With the client's own `public_id`, a retry is the same write."""

    public_id: UUID | None = None
