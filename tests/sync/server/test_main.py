"""The command line of a server on the folder of a province: without its database no verb begins anything there."""

import pytest

from db import province
from sync.server import main as server
from tests.postgres import fresh_database
from tests.sync.fleet import NOW

VERBS = {
    "serving": ("--port", "0", "--relay-port", "0"),
    "serving with a bucket": ("--attachments", "s3://bucket/prefix"),
    "found": ("found", "--place", "53", "--name", "示例省"),
    "account": ("account", "list"),
    "audit": ("audit", "verify"),
    "audit head": ("audit", "head"),
    "audit heads": ("audit", "heads"),
    "backup": ("backup", "--to", "b.tar"),
}


@pytest.fixture
def folder(tmp_path):
    province.open_store(fresh_database(), tmp_path / "province", NOW).close()
    return tmp_path / "province"


def names(folder):
    return sorted(file.name for file in folder.rglob("*"))


@pytest.mark.parametrize("verb", VERBS)
def test_without_its_database_a_province_is_told_what_is_missing_and_nothing_is_begun(
    folder, verb, capsys, monkeypatch, tmp_path
):
    monkeypatch.chdir(tmp_path)
    before = names(folder)

    assert server.main([*VERBS[verb], "--home", str(folder)]) == 3

    said = capsys.readouterr().err
    assert "--database" in said
    assert "数据没有动" in said
    assert names(folder) == before
