"""Log lines that a machine reads."""

import json
import logging
import sys

from loadstone.observability import JsonLines


def record(**extra: object) -> logging.LogRecord:
    made = logging.LogRecord("workflows.relay", logging.INFO, __file__, 1, "leased %d rows", (3,), None)
    vars(made).update(extra)
    return made


def test_a_record_is_one_line_of_json() -> None:
    line = JsonLines().format(record())
    assert "\n" not in line
    told = json.loads(line)
    assert (told["level"], told["logger"], told["message"]) == ("INFO", "workflows.relay", "leased 3 rows")


def test_what_a_caller_adds_is_in_the_line() -> None:
    assert json.loads(JsonLines().format(record(run_id="42")))["run_id"] == "42"


def test_an_exception_keeps_its_traceback() -> None:
    try:
        raise ValueError("no such set")
    except ValueError:
        line = JsonLines().format(record(exc_info=sys.exc_info()))
    assert "no such set" in json.loads(line)["exception"]
    assert "\n" not in line
