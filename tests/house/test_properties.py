"""The table of properties names tests that exist, and leaves no property of the exchange without one."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TABLE = (ROOT / "tests/sync/PROPERTIES.md").read_text("utf-8")
NAMED = sorted(set(re.findall(r"`(tests/[\w/]+\.py(?:::\w+)?)`", TABLE)))


@pytest.mark.parametrize("named", NAMED)
def test_every_test_that_is_named_exists(named):
    file, _, test = named.partition("::")

    assert (ROOT / file).is_file()
    assert not test or f"\ndef {test}(" in (ROOT / file).read_text("utf-8")


def test_every_property_has_a_test():
    rows = {row.split("|")[1].strip(): row.split("|")[3] for row in TABLE.splitlines() if re.match(r"\| P\d+ ", row)}

    assert list(rows) == [f"P{number}" for number in range(1, 21)]
    assert all("tests/" in held or "simulator" in held for held in rows.values())
