"""The page on the export names every column, record and field, and nothing else."""

import re
from pathlib import Path

import loadstone
from api.schemas.export import ExportDocument
from models.domain.exports import COLUMNS, VERSION
from models.readers.loadstone_csv import OTHERS

PAGE = (Path(loadstone.__file__).parents[1] / "docs" / "export-format.md").read_text()


def names(heading: str) -> list[str]:
    """The first cells of the table with this heading."""
    table = PAGE.partition(f"| {heading} | what")[2].partition("\n\n")[0]
    return re.findall(r"^\| (`[^|]+) \|", table, re.MULTILINE)


def test_every_column_is_explained_in_its_order() -> None:
    assert names("column") == [f"`{name}`" for name in COLUMNS]


def test_every_field_of_the_document_is_explained() -> None:
    assert names("field") == [f"`{name}`" for name in ExportDocument.__struct_fields__]


def test_every_kind_of_row_is_named() -> None:
    assert set(", ".join(names("record")).split(", ")) == {"`set`", *(f"`{kind}`" for kind in OTHERS)}


def test_the_version_is_the_one_written() -> None:
    assert f"This is version {VERSION}." in PAGE
