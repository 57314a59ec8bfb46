"""The writer against a real loopback server: what it asks, and how each failure is named."""

from collections.abc import Iterator

import pytest

from analytics.narrative.writer import OpenAIWriter
from analytics.narrative.writing import WriterConfig, WriterRefused, WriterUnavailable
from tests.analytics.narrative.endpoint import Endpoint, completion, serving
from tests.analytics.narrative.samples import FACTS


@pytest.fixture
def endpoint() -> Iterator[Endpoint]:
    with serving() as running:
        yield running


async def test_it_sends_the_facts_and_returns_the_text(endpoint: Endpoint) -> None:
    endpoint.says("  A fine week. ")
    assert await OpenAIWriter(endpoint.config()).write(FACTS) == "A fine week."
    (asked,) = endpoint.asked
    assert (asked["path"], asked["model"]) == ("/v1/chat/completions", "test-model")
    assert asked["response_format"]["type"] == "json_schema"
    assert all(fact.text in asked["messages"][1]["content"] for fact in FACTS)


async def test_the_findings_of_the_last_text_are_sent_along(endpoint: Endpoint) -> None:
    endpoint.says("Again.")
    await OpenAIWriter(endpoint.config()).write(FACTS, ["No fact here states `5 sessions`."])
    assert "5 sessions" in endpoint.asked[0]["messages"][-1]["content"]


@pytest.mark.parametrize("status", [408, 429, 500, 502, 503])
async def test_what_may_pass_is_unavailable_and_is_asked_once(endpoint: Endpoint, status: int) -> None:
    endpoint.answers = [(status, '{"error": {"message": "secret detail"}}')]
    with pytest.raises(WriterUnavailable) as caught:
        await OpenAIWriter(endpoint.config()).write(FACTS)
    assert "secret" not in str(caught.value)
    assert len(endpoint.asked) == 1


@pytest.mark.parametrize("status", [400, 401, 403, 404, 422])
async def test_what_will_not_heal_is_refused(endpoint: Endpoint, status: int) -> None:
    endpoint.answers = [(status, "{}")]
    with pytest.raises(WriterRefused):
        await OpenAIWriter(endpoint.config()).write(FACTS)


@pytest.mark.parametrize(
    "content",
    [None, "", "plain words", '{"words": "none"}', '{"text": 5}', '{"text": "  "}', '{"text": "%s"}' % ("x" * 5000)],
)
async def test_an_answer_that_is_no_text_is_refused(endpoint: Endpoint, content: str | None) -> None:
    endpoint.answers = [(200, completion(content))]
    with pytest.raises(WriterRefused):
        await OpenAIWriter(endpoint.config()).write(FACTS)


@pytest.mark.parametrize("body", ["not json", '{"choices": []}', '{"choices": [null]}', '{"id": 3}', "[]", "null"])
async def test_a_broken_answer_is_named_and_never_another_error(endpoint: Endpoint, body: str) -> None:
    endpoint.answers = [(200, body)]
    with pytest.raises((WriterRefused, WriterUnavailable)):
        await OpenAIWriter(endpoint.config()).write(FACTS)


async def test_silence_is_unavailable_after_the_timeout(endpoint: Endpoint) -> None:
    endpoint.answers = [(0, "")]
    with pytest.raises(WriterUnavailable):
        await OpenAIWriter(endpoint.config(timeout_s=0.3)).write(FACTS)


async def test_a_closed_port_is_unavailable() -> None:
    with serving() as gone:
        config: WriterConfig = gone.config()
    with pytest.raises(WriterUnavailable):
        await OpenAIWriter(config).write(FACTS)
