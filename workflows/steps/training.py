"""Loading an athlete's training: from what was kept of it and the workouts that have changed since, or from all."""

import asyncio
from datetime import date, datetime

from analytics import incremental
from analytics import state as states
from analytics.incremental import Doubtful, Loaded
from analytics.state import TrainingState
from models.db import Session
from models.queries import training_state as queries
from models.queries.history import stored_history
from models.queries.training_state import Kept
from models.queries.visibility import VisibleAthlete
from models.services import training_states
from models.services.training_states import ToKeep
from workflows.steps.step import Inputs, Keep

# Below about five thousand sets reading all of them takes less time than fitting what changed into what was kept.
WORTH_KEEPING_ATOMS = 1_250


async def load_training(session: Session, athlete: VisibleAthlete, as_of: date) -> Inputs:
    """The training as it is now; states the version read, which may be newer than the run's."""
    kept = await _kept(session, athlete)
    found = None if kept is None else await _since(session, athlete, kept, as_of)
    return await _whole(session, athlete, as_of) if found is None else found


async def load_whole_training(session: Session, athlete: VisibleAthlete, as_of: date) -> Inputs:
    """The same, from all of the history."""
    return await _whole(session, athlete, as_of)


async def _kept(session: Session, athlete: VisibleAthlete) -> TrainingState | None:
    """What was kept, if it is whole and of this very code."""
    kept = await queries.kept(session, athlete, states.LAYOUT)
    return None if kept is None else await asyncio.to_thread(_believed, kept)


def _believed(kept: Kept) -> TrainingState | None:
    if states.digest(kept.body) != kept.digest:
        return None
    state = states.decode(kept.body)
    return state if state is not None and state.data_version == kept.data_version else None


async def _whole(session: Session, athlete: VisibleAthlete, as_of: date) -> Inputs:
    stored = await stored_history(session, athlete)
    return _inputs(await asyncio.to_thread(incremental.of_history, stored, as_of), stored.time_zone)


async def _since(session: Session, athlete: VisibleAthlete, state: TrainingState, as_of: date) -> Inputs | None:
    """From the state and what has changed since; None where they do not fit, or what is read changes meanwhile."""
    known = [*state.exercises.get_column("exercise_id"), *state.merges]
    changes = await queries.changes(session, athlete, since=state.data_version, exercises=known)
    if changes is None:
        return None
    try:
        pending = await asyncio.to_thread(incremental.begun, state, changes)
        sets = None
        if pending.stale:
            version, sets = await queries.sets_of(session, athlete, pending.stale)
            if version != changes.data_version:
                return None
        loaded = await asyncio.to_thread(incremental.finished, pending, sets, as_of)
    except Doubtful:
        return None
    return _inputs(loaded, changes.time_zone, known=state)


def _inputs(loaded: Loaded, time_zone: str, known: TrainingState | None = None) -> Inputs:
    return Inputs(
        value=loaded.training,
        data_version=loaded.state.data_version,
        digests={"history": loaded.digest, "settings": {"time_zone": time_zone}},
        keep=_keep(loaded.state) if _is_worth_keeping(known, loaded.state) else None,
    )


def _is_worth_keeping(known: TrainingState | None, state: TrainingState) -> bool:
    if state.atoms.height < WORTH_KEEPING_ATOMS:
        return False
    return known is None or not _says_the_same(known, state)


def _says_the_same(known: TrainingState, state: TrainingState) -> bool:
    """Between versions nothing but the catalogue changes."""
    return known.data_version == state.data_version and known.exercises.equals(state.exercises)


def _keep(state: TrainingState) -> Keep:
    async def keep(session: Session, athlete: VisibleAthlete, now: datetime) -> None:
        body = await asyncio.to_thread(states.encode, state)
        kept = ToKeep(layout=states.LAYOUT, data_version=state.data_version, digest=states.digest(body), body=body)
        await training_states.keep(session, athlete, kept, now=now)

    return keep
