"""The way of a summary: facts, writer, verifier, one retry, and the narrator behind it all."""

from collections.abc import Sequence
from datetime import date

import pytest

from analytics.frames import History, empty_history
from analytics.narrative import narrator
from analytics.narrative.summary import READS, Documents, SummaryParams, summarise_v1
from analytics.narrative.verifier import findings
from analytics.narrative.writer import OpenAIWriter
from analytics.narrative.writing import WriterRefused, WriterUnavailable
from analytics.progress import ProgressParams, progress_v3
from analytics.recommend import RecommendParams, recommend_v3
from analytics.training import training_of
from models.domain.insights import Fact, SummaryDocument
from tests.analytics.histories import MONDAY, history, progressing
from tests.analytics.narrative.endpoint import serving

HISTORY = history(*progressing(60))
TRUE, FALSE = "You set out and did the work.", "You lifted 999 kg."


class Told:
    """A writer that says what it was given, in turn; an exception is raised."""

    author = "told"

    def __init__(self, *answers: str | Exception) -> None:
        self.answers = list(answers)
        self.findings: list[Sequence[str]] = []

    async def write(self, facts: Sequence[Fact], findings: Sequence[str] = ()) -> str:
        self.findings.append(findings)
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer


async def summary(writer: Told | OpenAIWriter | None, given: History = HISTORY) -> SummaryDocument:
    made = progress_v3(training_of(given), ProgressParams()) | recommend_v3(training_of(given), RecommendParams())
    documents = Documents(**{name: made[name] for name in READS})  # pyright: ignore[reportArgumentType]
    document = (await summarise_v1(documents, SummaryParams(), writer=writer))["summary"]
    assert isinstance(document, SummaryDocument)
    assert document.verified
    assert findings(document.text, document.facts) == ()
    return document


async def test_without_a_writer_the_narrator_writes() -> None:
    document = await summary(None)
    assert (document.author, document.rejected) == (narrator.AUTHOR, ())
    assert (document.period, document.week_start) == ("2026-W27", date(2026, 6, 29))


async def test_a_true_text_is_published_under_the_writers_name() -> None:
    document = await summary(Told(TRUE))
    assert (document.text, document.author, document.rejected) == (TRUE, "told", ())


async def test_a_false_text_is_sent_back_once_with_the_findings() -> None:
    writer = Told(FALSE, TRUE)
    document = await summary(writer)
    assert (document.text, len(document.rejected)) == (TRUE, 1)
    assert "999 kg" in writer.findings[1][0]


async def test_two_false_texts_leave_the_narrator() -> None:
    document = await summary(Told(FALSE, FALSE))
    assert document.author == narrator.AUTHOR
    assert [rejected.author for rejected in document.rejected] == ["told", "told"]


async def test_a_refusal_leaves_the_narrator_and_is_kept() -> None:
    document = await summary(Told(WriterRefused("No.")))
    assert (document.author, document.rejected[0].findings) == (narrator.AUTHOR, ("No.",))


async def test_an_unavailable_writer_is_the_callers_to_retry() -> None:
    with pytest.raises(WriterUnavailable):
        await summary(Told(WriterUnavailable("Later.")))


async def test_before_the_first_workout_nobody_is_asked() -> None:
    document = await summary(Told(), empty_history(MONDAY))
    assert (document.text, document.period, document.week_start) == (narrator.NOTHING_YET, "2026-W02", None)


async def test_the_whole_way_over_http() -> None:
    with serving() as endpoint:
        endpoint.says(FALSE, TRUE)
        document = await summary(OpenAIWriter(endpoint.config()))
    assert (document.text, document.author, len(document.rejected)) == (TRUE, "test-model", 1)
