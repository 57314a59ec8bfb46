"""Signs and numbers in words, and rates, state what no fact does."""

import pytest

from analytics.narrative import verifier
from models.domain.insights import Fact

FORM = Fact(
    id="form", kind="form.now", subject="you", value=5.0, unit="points", direction=None, period="2026-W47", text="form"
)


@pytest.mark.parametrize(
    "sentence",
    [
        "Your form stands at minus 5 points.",
        "Your form stands at negative 5 points.",
        "You moved a billion kg.",
        "It was your eleventh session.",
        "It was your twentieth session.",
        "Your form stands at 5 points per session.",
    ],
)
def test_a_sentence_beyond_the_facts_is_refused(sentence: str) -> None:
    assert verifier.findings(sentence, [FORM]) != ()
