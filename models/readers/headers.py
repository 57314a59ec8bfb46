"""Strong's columns: the names that its exports give them in several languages, and their order without names."""

import re
from collections.abc import Mapping, Sequence

from models.domain.units import MassUnit
from models.readers import cells, clock
from models.readers.cells import BadCell

NAMES: Mapping[str, Mapping[str, str]] = {
    "en": {
        "workout #": "number",
        "date": "date",
        "workout name": "title",
        "duration": "duration",
        "workout duration": "duration",
        "exercise name": "exercise",
        "exercise": "exercise",
        "menu": "exercise",
        "set order": "order",
        "weight": "weight",
        "weight unit": "unit",
        "reps": "reps",
        "rpe": "rpe",
        "distance": "distance",
        "distance unit": "distance_unit",
        "seconds": "seconds",
        "sec": "seconds",
        "notes": "notes",
        "note": "notes",
        "workout notes": "workout_notes",
        "workout note": "workout_notes",
    },
    "de": {
        "datum": "date",
        "workout name": "title",
        "dauer": "duration",
        "name der übung": "exercise",
        "übung": "exercise",
        "reihenfolge festlegen": "order",
        "satzreihenfolge": "order",
        "gewicht": "weight",
        "gewichtseinheit": "unit",
        "wiederh.": "reps",
        "wiederholungen": "reps",
        "entfernung": "distance",
        "entfernungseinheit": "distance_unit",
        "sekunden": "seconds",
        "notizen": "notes",
        "workout notizen": "workout_notes",
    },
    "fr": {
        "date": "date",
        "nom de l'entraînement": "title",
        "durée": "duration",
        "nom de l'exercice": "exercise",
        "ordre de la série": "order",
        "ordre des séries": "order",
        "poids": "weight",
        "unité de poids": "unit",
        "rép.": "reps",
        "réps": "reps",
        "reps": "reps",
        "répétitions": "reps",
        "distance": "distance",
        "secondes": "seconds",
        "notes": "notes",
        "notes sur l'entraînement": "workout_notes",
        "notes de l'entraînement": "workout_notes",
    },
    "zh": {
        "日期": "date",
        "训练名称": "title",
        "锻炼名称": "title",
        "训练名": "title",
        "时长": "duration",
        "持续时间": "duration",
        "训练时长": "duration",
        "动作名称": "exercise",
        "练习名称": "exercise",
        "锻炼项目名称": "exercise",
        "运动名称": "exercise",
        "组序": "order",
        "组顺序": "order",
        "组次": "order",
        "设置顺序": "order",
        "重量": "weight",
        "重量单位": "unit",
        "次数": "reps",
        "重复次数": "reps",
        "距离": "distance",
        "距离单位": "distance_unit",
        "秒": "seconds",
        "秒数": "seconds",
        "备注": "notes",
        "笔记": "notes",
        "注释": "notes",
        "训练备注": "workout_notes",
        "锻炼备注": "workout_notes",
        "训练笔记": "workout_notes",
        "锻炼笔记": "workout_notes",
    },
}
LAYOUTS = tuple(
    tuple(layout.split())
    for layout in (
        "date title duration exercise order weight reps distance seconds notes workout_notes rpe",
        "date title exercise order weight reps distance seconds notes workout_notes rpe",
        "date title duration exercise order weight reps distance seconds rpe",
        "date title exercise order weight reps distance seconds notes workout_notes",
        "date title exercise order weight reps distance seconds notes",
        "date title exercise order weight unit reps rpe distance distance_unit seconds notes workout_notes duration",
        "date title exercise order weight unit reps rpe distance distance_unit seconds notes workout_notes",
    )
)
REQUIRED = frozenset({"date", "exercise", "order", "weight", "reps"})
ORDER = re.compile(r"\d{1,4}(\.0)?|[WDF]", re.ASCII)
WITH_UNIT = re.compile(r"(?P<name>.*?)\s*\((?P<unit>[^()]+)\)")
DISTANCES = {"km", "mi", "meters", "metres", "miles", "m"}
SECONDS = {"sec", "seconds", "s"}


class Columns:
    """The fields of a header's cells, and the units that they state."""

    def __init__(self, header: Sequence[str]) -> None:
        self.weight_unit: MassUnit | None = None
        self.distance_metres: float | None = None
        self.language = _language(header)
        self.fields = tuple(self._field(_plain(cell)) for cell in header)

    def _field(self, cell: str) -> str | None:
        if cell in cells.MASS_UNITS:
            self.weight_unit = cells.MASS_UNITS[cell]
            return "weight"
        if cell in DISTANCES and cell != "m":
            self.distance_metres = cells.METRES_BY_UNIT[cell]
            return "distance"
        stated = WITH_UNIT.fullmatch(cell)
        name = stated["name"] if stated else cell
        field = NAMES[self.language].get(name) or NAMES["en"].get(name)
        if stated and field == "weight":
            self.weight_unit = cells.MASS_UNITS.get(stated["unit"])
        if stated and field == "distance":
            self.distance_metres = cells.METRES_BY_UNIT.get(stated["unit"])
        return field


def layout_of(row: Sequence[str], *, decimal_comma: bool) -> tuple[str, ...] | None:
    """The order of columns that this row of data has, if it is one that Strong writes."""
    return next((layout for layout in LAYOUTS if _fits(layout, row, decimal_comma=decimal_comma)), None)


def _fits(layout: tuple[str, ...], row: Sequence[str], *, decimal_comma: bool) -> bool:
    if len(row) != len(layout):
        return False
    cell = dict(zip(layout, row, strict=True))
    try:
        clock.local_time(cell["date"])
        cells.mass_unit(cell.get("unit", ""))
        for field in ("weight", "reps", "distance", "seconds", "rpe"):
            cells.number(cell.get(field, ""), field, decimal_comma=decimal_comma)
    except BadCell:
        return False
    return bool(ORDER.fullmatch(cell["order"].strip())) and bool(cell["exercise"].strip())


def _language(header: Sequence[str]) -> str:
    known = {language: sum(_plain(cell) in names for cell in header) for language, names in NAMES.items()}
    return max(known, key=lambda language: known[language])


def _plain(cell: str) -> str:
    return re.sub(r"[\s_-]+", " ", cell.strip().strip("\ufeff").casefold().replace("\u2019", "'"))
