"""The page of a diff: says what it is of, asks nobody for anything, and takes no text for markup."""

import re
from datetime import UTC, datetime
from html.parser import HTMLParser
from typing import Any

import msgspec
import pytest

from workflows.steps import figures, report
from workflows.steps.changes import Compared, compare
from workflows.steps.figures import About

ABOUT = About(
    before="progress@3",
    after="progress@4",
    inputs="2 athletes of the database",
    made_at=datetime(2026, 11, 20, 18, tzinfo=UTC),
    git_revision="5c1d4e9",
    before_code="b" * 64,
    after_code="a" * 64,
    params=(("daily_days", "365", "7"),),
)
OUTSIDE = re.compile(r"""(?:src|href|srcset|action|url)\s*[=(]\s*["']?\s*(?:https?:|//)""", re.IGNORECASE)


class Tags(HTMLParser):
    """The tags opened, and the text outside styles."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)

    def handle_data(self, data: str) -> None:
        self.text += f" {data}"


def page_of(*compared: Compared, about: About = ABOUT) -> str:
    changes = figures.all_changes(compared)
    return report.render(about, figures.figures(compared, changes), changes).decode()


def weeks(athlete: str, *changes: tuple[str, Any, Any]) -> Compared:
    old, new = (
        {"x": msgspec.json.encode({"weeks": [{"week_start": change[0], "sets": change[side]} for change in changes]})}
        for side in (1, 2)
    )
    return compare(athlete, old, new)


@pytest.fixture(scope="module")
def page() -> str:
    return page_of(weeks("anna", ("w1", 10, 11), ("w2", 10, 5)), weeks("ben", ("w1", 10, 10)))


def test_it_says_what_was_compared_and_what_changed(page: str) -> None:
    text = " ".join(Tags(page).text.split())
    assert "progress@3 → progress@4" in text
    assert "2 athletes of the database" in text
    assert "1 of 2 athletes change." in text
    assert "daily_days 365 7" in text
    assert "-50 %" in text


def test_it_has_a_picture_of_the_columns_and_of_the_athletes(page: str) -> None:
    assert Tags(page).tags.count("svg") == 2
    assert "x.weeks · sets" in page


def test_it_asks_nobody_for_anything(page: str) -> None:
    tags = set(Tags(page).tags)
    assert not tags & {"script", "link", "img", "iframe", "object", "base", "form"}
    assert OUTSIDE.findall(page) == []
    assert "default-src 'none'" in page


def test_its_colours_follow_the_reader(page: str) -> None:
    assert "prefers-color-scheme: dark" in page
    drawn = set(re.findall(r'(?:fill|stroke)="([^"]+)"', page))
    assert drawn <= {"none", "currentColor", "transparent"} | {name for name in drawn if name.startswith("var(--")}


def test_texts_are_no_markup() -> None:
    mischief = "<script>alert(1)</script>"
    page = page_of(
        weeks(mischief, (mischief, 10, 11)),
        Compared(athlete="b", failed_after=True, problem=mischief),
        about=msgspec.structs.replace(ABOUT, inputs=mischief),
    )
    assert "script" not in Tags(page).tags


def test_nothing_changed_is_said_and_not_drawn() -> None:
    page = page_of(weeks("anna", ("w1", 10, 10)))
    assert "Nothing changes" in page
    assert "<svg" not in page


def test_who_could_not_be_compared_is_told_with_the_reason() -> None:
    page = page_of(Compared(athlete="ben", failed_after=True, problem="progress@4: ValueError: no"))
    assert "Nobody could be compared." in page
    assert "progress@4: ValueError: no" in page


def test_changes_without_a_relative_one_need_no_picture_of_it() -> None:
    page = page_of(weeks("anna", ("w1", 0, 10)))
    assert page.count("<svg") == 1
