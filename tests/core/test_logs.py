"""What reaches a log line, whoever writes it: nothing but ids, codes and numbers under listed names."""

import io
import json
import logging

import pytest
import structlog

from app.core.logs import ALLOWED, WithoutWords, configure_logs, processors, where

TELLING = "测试甲 539900198005170012"


@pytest.fixture
def written():
    """A logger of ours that writes to memory, and what it wrote."""
    into = io.StringIO()
    log = structlog.wrap_logger(structlog.PrintLogger(into), processors=processors())
    return log, lambda: [json.loads(line) for line in into.getvalue().splitlines()]


def test_listed_attributes_are_written(written):
    log, lines = written

    log.warning("job failed", job="ask_check", attempt=3, error_type="TimeoutError")

    [line] = lines()
    assert (line["event"], line["job"], line["attempt"]) == ("job failed", "ask_check", 3)
    assert (line["level"], line["error_type"]) == ("warning", "TimeoutError")


@pytest.mark.parametrize("name", ["phone", "id_number", "name", "applicant", "token", "account", "body", "statement"])
def test_an_attribute_that_is_not_listed_is_dropped(written, name):
    log, lines = written

    log.info("something happened", **{name: TELLING})

    assert TELLING not in str(lines())


@pytest.mark.parametrize("value", [{"name": TELLING}, [TELLING], (TELLING,), TELLING.encode(), TELLING * 20])
def test_a_listed_attribute_carries_no_structure_and_no_text(written, value):
    log, lines = written

    log.info("something happened", reason=value, item="vehicles")

    [line] = lines()
    assert "reason" not in line
    assert line["item"] == "vehicles"


def test_an_exception_is_told_by_its_kinds_and_places_only(written):
    log, lines = written
    try:
        try:
            raise KeyError(TELLING)
        except KeyError as error:
            raise ValueError(f"not a name: {TELLING}") from error
    except ValueError:
        log.exception("request crashed", trace="abc")

    [line] = lines()
    assert TELLING not in json.dumps(line, ensure_ascii=False)
    assert "ValueError" in line["exception"]
    assert "KeyError" in line["exception"]
    assert "test_logs.py" in line["exception"]


def test_what_a_library_says_of_an_exception_loses_the_exceptions_words():
    into = io.StringIO()
    handler = logging.StreamHandler(into)
    handler.setFormatter(WithoutWords(logging.Formatter("%(levelname)s %(message)s")))
    log = logging.Logger("a library")
    log.addHandler(handler)
    try:
        raise RuntimeError(TELLING)
    except RuntimeError as error:
        log.exception("Failed: %s", error)
        log.error("Failed after %d tries", 3)

    assert TELLING not in into.getvalue()
    assert "ERROR Failed: RuntimeError" in into.getvalue()
    assert "ERROR Failed after 3 tries" in into.getvalue()


def test_an_exception_that_is_its_own_cause_is_told_once():
    error = ValueError("x")
    error.__context__ = error

    assert where(error) == "ValueError"


def test_libraries_that_write_of_each_request_are_quietened():
    root, before = logging.getLogger(), structlog.get_config()
    level, handlers = root.level, list(root.handlers)
    try:
        root.handlers = []
        configure_logs("debug")

        assert not logging.getLogger("httpx").isEnabledFor(logging.INFO)
        assert all(isinstance(handler.formatter, WithoutWords) for handler in root.handlers)
    finally:
        root.handlers, root.level = handlers, level
        root.setLevel(level)
        structlog.configure(**before)


def test_no_listed_name_is_that_of_something_personal():
    personal = {"name", "phone", "id_number", "account", "address", "token", "code", "password", "amount_fen", "body"}

    assert not ALLOWED & personal
