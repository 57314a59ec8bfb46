"""Bodies of what an athlete states beside workouts: for each noun one, another, and one that is refused."""

from typing import Any

MEASUREMENT: dict[str, Any] = {
    "measured_at": "2026-11-20T22:30:00Z",
    "time_zone": "Asia/Tokyo",
    "kind": "bodyweight",
    "value": 180.4,
    "unit": "lb",
    "note": "Before breakfast.",
}
GOAL: dict[str, Any] = {
    "target": {"kind": "lift", "exercise_id": 100, "load": 405, "load_unit": "lb", "reps": 1},
    "start_on": "2026-11-01",
    "due_on": "2027-03-01",
}
PLACE: dict[str, Any] = {
    "name": "Home",
    "is_default": True,
    "available": ["barbell", "dumbbell", "cable"],
    "bars": [{"name": "Olympic", "mass": 20, "mass_unit": "kg"}, {"name": "Old", "mass": 45, "mass_unit": "lb"}],
    "plates": [{"mass": 20, "mass_unit": "kg", "pieces": 4}, {"mass": 1.134, "mass_unit": "kg", "pieces": 2}],
    "dumbbells": [
        {"kind": "range", "lightest": 5, "heaviest": 50, "step": 2.5, "mass_unit": "lb"},
        {"kind": "list", "masses": [12, 16.5], "mass_unit": "kg"},
    ],
    "stacks": [
        {"equipment": "cable", "name": "Lat", "lightest": 0, "heaviest": 80, "step": 2.5, "mass_unit": "kg"},
        {"equipment": "machine", "lightest": 1, "heaviest": 20, "step": 1},
    ],
    "note": "Garage.",
}
EXCLUSION: dict[str, Any] = {
    "kind": "injury",
    "from_on": "2026-11-01",
    "until_on": "2026-12-24",
    "severity": "moderate",
    "exercise_ids": [100],
    "patterns": ["squat"],
    "joints": ["knee"],
    "muscles": ["quads"],
    "equipment": ["smith_machine"],
    "note": "No deep flexion.",
}
PROFILE: dict[str, Any] = {
    "sex": "female",
    "birth_year": 1990,
    "level": "intermediate",
    "field_overrides": {"set.tempo": "shown", "set.rir": "hidden"},
    "default_rest_s": 120,
    "show_acwr": True,
}

# By the segment of the path: the kind, a body, another body and one that breaks a rule, with the fault's path.
STATED: dict[str, tuple[str, dict[str, Any], dict[str, Any], dict[str, Any], str]] = {
    "measurements": (
        "measurement",
        MEASUREMENT,
        {**MEASUREMENT, "value": 181},
        {**MEASUREMENT, "unit": "cm"},
        "$.unit",
    ),
    "goals": ("goal", GOAL, {**GOAL, "status": "achieved"}, {**GOAL, "due_on": "2026-10-31"}, "$.due_on"),
    "equipment": ("equipment", PLACE, {**PLACE, "name": "Gym"}, {**PLACE, "available": ["band"] * 2}, "$.available[1]"),
    "exclusions": (
        "exclusion",
        EXCLUSION,
        {**EXCLUSION, "until_on": None},
        {**EXCLUSION, "exercise_ids": [9_999]},
        "$.exercise_ids[0]",
    ),
    "profile": ("profile", PROFILE, {**PROFILE, "level": "advanced"}, {**PROFILE, "birth_year": 2025}, "$.birth_year"),
}
MANY = [segment for segment in STATED if segment != "profile"]
