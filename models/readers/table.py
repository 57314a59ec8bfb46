"""A recognised table: which column holds what, and how its rows are read one by one."""

from collections.abc import Callable, Iterator, Mapping, Sequence

from msgspec import Struct

from models.domain.units import MassUnit
from models.readers.cells import BadCell
from models.readers.gather import Gathering
from models.readers.rows import Dialect, Row

Cells = Mapping[str, str]


class Table(Struct, frozen=True, kw_only=True):
    """What recognition learned. `weight_unit` and `distance_metres` are the units that the header states, if any.

    A width of 0 lets rows be of any width; with 0 header rows the reader is handed the first row too.
    """

    dialect: Dialect
    columns: Mapping[str, int]
    width: int
    header_rows: int
    variant: str
    weight_unit: MassUnit | None = None
    distance_metres: float | None = None

    @property
    def decimal_comma(self) -> bool:
        """Spreadsheets write semicolons between cells where the comma is their decimal mark."""
        return self.dialect.delimiter != ","


def columns_of(names: Sequence[str | None]) -> dict[str, int]:
    """Where each known column is; of two with one name the first."""
    columns: dict[str, int] = {}
    for at, name in enumerate(names):
        if name is not None:
            columns.setdefault(name, at)
    return columns


def read_each(
    rows: Iterator[Row],
    table: Table,
    gathering: Gathering,
    *,
    record: Callable[[int, Cells], None],
    repair: Callable[[Row], Row] | None = None,
) -> None:
    """Hand every row with data to `record`; a BadCell rejects the row, so that each is accounted for once.

    `repair` sees rows that are too wide and may give them back mended.
    """
    for row in rows:
        gathering.rows_read += 1
        try:
            if row.fault is None and not any(cell.strip() for cell in row.cells):
                gathering.non_set_rows["blank"] += 1
            else:
                record(row.line, _by_name(repair(row) if repair and len(row.cells) > table.width else row, table))
        except BadCell as fault:
            gathering.reject(row.line, fault.field, fault.reason)


def _by_name(row: Row, table: Table) -> dict[str, str]:
    if row.fault is not None:
        raise BadCell("row", row.fault)
    if table.width and (len(row.cells) < table.width or any(cell.strip() for cell in row.cells[table.width :])):
        raise BadCell("row", f"{len(row.cells)} cells where the header has {table.width}.")
    return {name: row.cells[at] if at < len(row.cells) else "" for name, at in table.columns.items()}
