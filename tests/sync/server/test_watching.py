"""What is logged says where something went wrong and never what somebody wrote."""

import json
import logging
import re

import resources
from sync.server.watching import JsonLines, Sparing, Watch


def an_error(words, fails=int):
    try:
        fails(words)
    except ValueError as error:
        return logging.LogRecord(
            "server", logging.ERROR, __file__, 1, "a page failed", None, (ValueError, error, error.__traceback__)
        )


def test_a_logged_error_has_its_place_and_not_its_words():
    line = JsonLines().format(an_error("赵某甲的猪圈"))
    told = json.loads(line)

    assert told["error"] == "ValueError"
    assert "test_watching.py" in told["where"]
    assert "赵某甲" not in line


def test_what_everybody_runs_into_is_complained_of_once_a_minute_and_how_often_it_was():
    """A database that is away was told anew for each page that was asked for."""
    now = [100.0]
    sparing = Sparing(lambda: now[0])

    def told(seconds, level=logging.WARNING, name="pages", what="the database is away"):
        now[0] += seconds
        record = logging.LogRecord(name, level, __file__, 1, what, None, None)
        return json.loads(JsonLines().format(record)).get("left_out", 0) if sparing.filter(record) else "left out"

    assert [told(0.0), told(1.0), told(58.9), told(0.1)] == [0, "left out", "left out", 2]
    assert [told(0.0), told(60.0)] == ["left out", 1]
    assert told(0.0, what="no room") == 0
    assert [told(0.0, logging.INFO), told(0.0, logging.INFO)] == [0, 0]
    assert [told(0.0, name="server", what="a pack was refused") for _ in range(2)] == [0, 0]


def test_two_mistakes_in_different_places_are_both_complained_of():
    """A page that fails is always told in the same words: what else went wrong within the minute was never seen."""

    errors = [an_error("one"), an_error("another"), an_error("one", json.loads)]
    for one in errors:
        one.name = "pages"

    assert list(map(Sparing().filter, errors)) == [True, False, True]


def test_the_proxy_of_the_example_logs_no_question_either():
    told = resources.read_text("server/nginx.conf")
    logged = re.search(r"log_format yuanba (.*?);", told, re.DOTALL).group(1)

    assert not re.search(r"\$(request|request_uri|args|query_string|http_referer)\b", logged)
    assert told.count("access_log /var/log/nginx/yuanba.log yuanba;") == told.count("server {")


def test_counters_add_up_by_label():
    watch = Watch()
    watch.took("/places/{code}", 200, 0.07)
    watch.took("/places/{code}", 200, 0.3)
    watch.count("packs", code='a"b')

    lines = watch.text(waiting=3).splitlines()

    assert 'yuanba_requests_total{path="/places/{code}",status="200"} 2' in lines
    assert 'yuanba_request_seconds_bucket{le="0.1",path="/places/{code}"} 1' in lines
    assert 'yuanba_request_seconds_bucket{le="+Inf",path="/places/{code}"} 2' in lines
    assert 'packs{code="a\\"b"} 1' in lines
    assert "yuanba_waiting 3" in lines
