"""Exercises: what a set was a set of, and which muscles it trains."""

from enum import StrEnum
from typing import Annotated
from uuid import UUID

from msgspec import Meta, Struct

from models.domain.bounds import ExerciseId, Title
from models.domain.errors import Fault, Invalid


class Muscle(StrEnum):
    CHEST = "chest"
    BACK = "back"
    QUADS = "quads"
    HAMSTRINGS = "hamstrings"
    GLUTES = "glutes"
    SHOULDERS = "shoulders"
    TRICEPS = "triceps"
    BICEPS = "biceps"
    CALVES = "calves"
    ABS = "abs"
    FOREARMS = "forearms"
    ADDUCTORS = "adductors"
    ABDUCTORS = "abductors"
    LOWER_BACK = "lower_back"
    TRAPS = "traps"
    NECK = "neck"
    HIP_FLEXORS = "hip_flexors"
    CARDIO = "cardio"


class Pattern(StrEnum):
    SQUAT = "squat"
    HINGE = "hinge"
    LUNGE = "lunge"
    HORIZONTAL_PUSH = "horizontal_push"
    VERTICAL_PUSH = "vertical_push"
    HORIZONTAL_PULL = "horizontal_pull"
    VERTICAL_PULL = "vertical_pull"
    KNEE_EXTENSION = "knee_extension"
    KNEE_FLEXION = "knee_flexion"
    HIP_EXTENSION = "hip_extension"
    HIP_ABDUCTION = "hip_abduction"
    HIP_ADDUCTION = "hip_adduction"
    ELBOW_FLEXION = "elbow_flexion"
    ELBOW_EXTENSION = "elbow_extension"
    SHOULDER_ISOLATION = "shoulder_isolation"
    CHEST_ISOLATION = "chest_isolation"
    CALF_RAISE = "calf_raise"
    SHRUG = "shrug"
    WRIST = "wrist"
    NECK = "neck"
    CORE = "core"
    CARRY = "carry"
    OLYMPIC = "olympic"
    JUMP = "jump"
    CARDIO = "cardio"
    OTHER = "other"


class Equipment(StrEnum):
    BARBELL = "barbell"
    EZ_BAR = "ez_bar"
    TRAP_BAR = "trap_bar"
    DUMBBELL = "dumbbell"
    KETTLEBELL = "kettlebell"
    CABLE = "cable"
    MACHINE = "machine"
    SMITH_MACHINE = "smith_machine"
    BAND = "band"
    BODYWEIGHT = "bodyweight"
    PLATE = "plate"
    SUSPENSION = "suspension"
    MEDICINE_BALL = "medicine_ball"
    CARDIO_MACHINE = "cardio_machine"
    OTHER = "other"


class Mechanics(StrEnum):
    COMPOUND = "compound"
    ISOLATION = "isolation"


class LoadMode(StrEnum):
    """How the load acts: see FORMULAS, Volume. Null on a set means the exercise's own default."""

    EXTERNAL = "external"
    BODYWEIGHT_PLUS = "bodyweight_plus"
    ASSISTED = "assisted"
    BAND = "band"
    MACHINE_UNITS = "machine_units"


class JointTag(StrEnum):
    """What an exercise loads noticeably: a joint or region, the spine under a load, or the arms overhead."""

    NECK = "neck"
    SHOULDER = "shoulder"
    ELBOW = "elbow"
    WRIST = "wrist"
    LOWER_BACK = "lower_back"
    HIP = "hip"
    KNEE = "knee"
    ANKLE = "ankle"
    SPINE_LOADING = "spine_loading"
    OVERHEAD = "overhead"


LOAD_MODE_CODES = {mode: code for code, mode in enumerate(LoadMode, start=1)}
LOAD_MODES_BY_CODE = {code: mode for mode, code in LOAD_MODE_CODES.items()}


CatalogueId = Annotated[int, Meta(ge=1, lt=10_000)]


class MuscleShare(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How far one set of an exercise is a set of a muscle: direct 1, indirect 0.5 (Pelland 2024)."""

    muscle: Muscle
    share: Annotated[float, Meta(ge=0.001, le=1)]


class CatalogueExercise(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One exercise of the catalogue as its data file states it. Ids are fixed for ever and lie below 10,000.

    `substitutions` are ids of exercises that serve the same purpose, the best first.
    """

    id: CatalogueId
    slug: Annotated[str, Meta(pattern="^[a-z0-9]+(-[a-z0-9]+)*$", max_length=64)]
    name: Title
    aliases: tuple[Title, ...] = ()
    muscles: Annotated[tuple[MuscleShare, ...], Meta(min_length=1)]
    pattern: Pattern
    equipment: Annotated[tuple[Equipment, ...], Meta(min_length=1)]
    mechanics: Mechanics
    load_mode: LoadMode = LoadMode.EXTERNAL
    unilateral: bool = False
    implements: Annotated[int, Meta(ge=1, le=2)] = 1
    bodyweight_fraction: Annotated[float, Meta(ge=0, le=1)] = 0.0
    joint_tags: tuple[JointTag, ...] = ()
    substitutions: Annotated[tuple[CatalogueId, ...], Meta(max_length=6)] = ()


class CustomExerciseDraft(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An exercise of the athlete's own; only its name is required."""

    name: Title
    muscles: Annotated[tuple[MuscleShare, ...], Meta(max_length=len(Muscle))] = ()
    pattern: Pattern = Pattern.OTHER
    equipment: Annotated[tuple[Equipment, ...], Meta(max_length=len(Equipment))] = ()
    mechanics: Mechanics | None = None
    load_mode: LoadMode = LoadMode.EXTERNAL
    unilateral: bool = False
    implements: Annotated[int, Meta(ge=1, le=2)] = 1
    bodyweight_fraction: Annotated[float, Meta(ge=0, le=1)] = 0.0
    joint_tags: Annotated[tuple[JointTag, ...], Meta(max_length=len(JointTag))] = ()


class Exercise(Struct, frozen=True, kw_only=True):
    """An exercise as clients read it: of the catalogue (`custom` false) or the athlete's own.

    `data_version` is the athlete's clock at its last change, null in the catalogue.
    """

    data_version: int | None
    id: ExerciseId
    public_id: UUID | None
    custom: bool
    slug: str | None
    name: str
    aliases: tuple[str, ...]
    muscles: tuple[MuscleShare, ...]
    pattern: Pattern
    equipment: tuple[Equipment, ...]
    mechanics: Mechanics | None
    load_mode: LoadMode
    unilateral: bool
    implements: int
    bodyweight_fraction: float
    joint_tags: tuple[JointTag, ...]
    substitutions: tuple[int, ...]


def check(draft: CustomExerciseDraft) -> None:
    """A set counts once for each muscle; raises Invalid with the path of every muscle that is named again."""
    named = [target.muscle for target in draft.muscles]
    again = [at for at, muscle in enumerate(named) if muscle in named[:at]]
    if again:
        raise Invalid([Fault(path=f"$.muscles[{at}].muscle", message="This muscle is named already.") for at in again])
