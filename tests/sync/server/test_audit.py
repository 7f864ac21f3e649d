"""The log is only added to, and whoever changes one byte of it is found at that line."""

import json
import re
import subprocess
import sys
import threading
from dataclasses import replace
from pathlib import Path

import pytest
import sqlcipher3.dbapi2
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.exc import DatabaseError

from app.domain.audit import BEGINNING, DONE, Deed, Line, bound, walk
from app.domain.errors import Refused
from db import province
from db.scope import OWNER, within
from sync.server import main as server
from sync.server.log_file import checked, written
from tests.postgres import fresh_database
from tests.sync.server.offices import COUNTY, NOW, OWN, PASSWORD, Office

ROOT = Path(__file__).resolve().parents[3]
texts = st.text(st.characters(blacklist_characters="\n", blacklist_categories=("Cs",)), max_size=12)


def chain(deeds):
    lines = []
    for number, deed in enumerate(deeds, 1):
        lines.append(bound(lines[-1].hash if lines else "0" * 64, number, deed))
    return lines


@st.composite
def logs(draw):
    parts = st.tuples(texts, texts, texts, texts)
    return chain([Deed("2026-11-01T01:00:00+00:00", *draw(parts)) for _ in range(draw(st.integers(1, 8)))])


@given(logs(), st.data())
def test_one_changed_byte_of_a_file_is_found_at_its_line(log, data):
    raw = [text.encode() for text in written(log, COUNTY, NOW)]
    at = data.draw(st.integers(1, len(log)))
    place = data.draw(st.integers(0, len(raw[at]) - 1))
    changed = bytearray(raw[at])
    changed[place] ^= data.draw(st.integers(1, 255))

    found = checked([*raw[:at], bytes(changed), *raw[at + 1 :]])

    assert checked(raw).broken_at is None
    assert (found.broken_at, found.count) == (at, at - 1)


@given(logs(), st.data())
def test_one_changed_text_in_the_store_is_found_at_its_line(log, data):
    at = data.draw(st.integers(0, len(log) - 1))
    name = data.draw(st.sampled_from(["number", "previous", "hash", "at", "account", "act", "object", "outcome"]))
    line = log[at]
    if name == "number":
        changed = replace(line, number=line.number + data.draw(st.integers(1, 9)))
    elif name in ("previous", "hash"):
        changed = replace(line, **{name: getattr(line, name)[:-1] + "x"})
    else:
        other = data.draw(texts.filter(lambda text: text != getattr(line.deed, name)))
        changed = replace(line, deed=replace(line.deed, **{name: other}))

    assert walk([*log[:at], changed, *log[at + 1 :]]).broken_at == at + 1


@given(logs(), st.data())
def test_a_line_taken_out_or_put_in_is_found(log, data):
    at = data.draw(st.integers(0, len(log) - 1))
    extra: list[Line] = [log[at]]

    assert walk([*log[:at], *extra, *log[at:]]).broken_at == at + 2
    if at < len(log) - 1:
        assert walk([*log[:at], *log[at + 1 :]]).broken_at == at + 1


def test_no_text_of_the_log_parts_itself_in_two():
    with pytest.raises(ValueError, match="line feed"):
        Deed("now", "李示例", "act\nof two", "", DONE)


@pytest.fixture
def office(tmp_path):
    made = Office(tmp_path / "home")
    yield made
    made.close()


def test_the_store_itself_refuses_to_change_or_delete_a_line(office):
    office.add("李示例", "reader")
    for verb in ("UPDATE audit SET account = 'x'", "DELETE FROM audit"):
        refused = pytest.raises((DatabaseError, sqlcipher3.dbapi2.Error), match="only ever added to")
        with refused, office.home.engine.begin() as connection:
            connection.exec_driver_sql(verb)

    assert walk(office.register.lines()).broken_at is None


def test_a_province_on_postgresql_keeps_the_log_as_strictly_and_in_one_chain_from_many_processes(tmp_path):
    url = fresh_database()
    stores = [province.open_store(url, tmp_path / "store", NOW) for _ in range(2)]
    offices = [Office(None, home=store) for store in stores]
    offices[0].add("李示例", "reader")
    threads = [
        threading.Thread(target=lambda one=one: [one.accounts.note(None, "audit.export", "") for _ in range(20)])
        for one in offices
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    visitor = offices[1].enters("李示例")
    lines = list(offices[0].register.lines())

    for verb in ("UPDATE audit SET account = 'x'", "DELETE FROM audit", "TRUNCATE audit"):
        refused = pytest.raises(DatabaseError, match="only ever added to")
        with within(OWNER), refused, stores[0].engine.begin() as connection:
            connection.exec_driver_sql(verb)
    denied = pytest.raises(DatabaseError, match="permission denied")
    with stores[0].within(OWN[:6]), denied, stores[0].engine.begin() as connection:
        connection.exec_driver_sql("SELECT * FROM audit")
    for store in stores:
        store.close()

    assert visitor.account.name == "李示例"
    assert (walk(lines).count, walk(lines).broken_at) == (42, None)


def test_what_cannot_be_printed_is_not_written_down(office):
    office.accounts.note(None, "read.list", "a\0b\udc80\nc\u2028d")

    assert [line.deed.object for line in office.register.lines()] == ["a b c d"]


def test_a_line_changed_behind_the_program_is_found_where_it_is(office):
    for name in ("李示例", "王示例", "张示例"):
        office.add(name, "reader")
    with office.home.engine.begin() as connection:
        connection.exec_driver_sql("DROP TRIGGER audit_no_update")
        connection.exec_driver_sql("UPDATE audit SET object = replace(object, '王', '汪') WHERE number = 2")

    assert walk(office.register.lines()).broken_at == 2


def test_a_second_walk_reads_what_is_new_and_the_line_it_came_to_and_finds_what_was_changed_there(office, monkeypatch):
    for name in ("李示例", "王示例", "张示例"):
        office.add(name, "reader")
    assert (office.accounts.walked().count, office.accounts.walked().broken_at) == (3, None)
    read, lines = [], office.register.lines
    monkeypatch.setattr(
        office.register, "lines", lambda after=0: (read.append(one.number) or one for one in lines(after))
    )

    office.add("赵示例", "reader")

    assert office.accounts.walked() == walk(lines())
    assert read == [3, 4]
    with office.home.engine.begin() as connection:
        connection.exec_driver_sql("DROP TRIGGER audit_no_update")
        connection.exec_driver_sql("UPDATE audit SET hash = 'x' WHERE number = 4")
    assert office.accounts.walked().broken_at == 4
    with office.home.engine.begin() as connection:
        connection.exec_driver_sql("DROP TRIGGER audit_no_delete")
        connection.exec_driver_sql("DELETE FROM audit WHERE number = 4")
    assert (walk(lines()).broken_at, office.accounts.walked().broken_at) == (None, 4)


@pytest.mark.parametrize("how", ["cut short", "cut short and gone on with", "written anew"])
def test_a_log_that_holds_in_itself_and_is_not_the_one_that_was_here_is_found_broken(office, how):
    for name in ("李示例", "王示例", "张示例"):
        office.add(name, "reader")
    assert office.accounts.walked().broken_at is None
    lines = list(office.register.lines())
    with office.home.engine.begin() as connection:
        connection.exec_driver_sql("DROP TRIGGER audit_no_delete")
        connection.exec_driver_sql("DELETE FROM audit WHERE number > 1")
    if how != "cut short":
        office.accounts.note(None, "read.list", "别的")
    if how == "written anew":
        with office.register.writing() as pen:
            pen.log(lines[2].deed)

    assert walk(office.register.lines()).broken_at is None
    assert office.accounts.walked().broken_at == {"cut short": 2}.get(how, 3)


def test_what_is_refused_leaves_no_line_behind_that_says_it_was_done(office):
    office.add("李示例", "reader")
    with pytest.raises(Refused):
        office.add("李示例", "system")

    assert [line.deed.object for line in office.register.lines()] == [f"李示例 reader {COUNTY}"]


def test_the_check_that_the_page_teaches_finds_what_we_find(office, tmp_path):
    for name in ("李示例", "王示例", "张示例"):
        office.add(name, "reader")
    program = re.search(r"```python\n(.*?)```", (ROOT / "sync/server/AUDIT.md").read_text("utf-8"), re.S).group(1)
    (tmp_path / "check.py").write_text(program, "utf-8")
    good = "".join(written(office.register.lines(), COUNTY, NOW))
    (tmp_path / "good.jsonl").write_text(good, "utf-8")
    (tmp_path / "bad.jsonl").write_text(good.replace("王示例", "汪示例"), "utf-8")

    ran = [
        subprocess.run([sys.executable, "check.py", name], cwd=tmp_path, capture_output=True, text=True, timeout=60)
        for name in ("good.jsonl", "bad.jsonl")
    ]

    assert (ran[0].returncode, ran[0].stdout[:13]) == (0, "3 lines hold;")
    assert (ran[1].returncode, ran[1].stderr.strip()) == (1, "broken at line 2")


def said(capsys):
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_the_first_account_is_made_on_the_command_line_with_the_password_from_standard_input(
    tmp_path, monkeypatch, capsys
):
    home = ["--home", str(tmp_path / "home"), "--place", "53"]
    word = tmp_path / "word"
    word.write_text(f"{PASSWORD}\n", "utf-8")
    with word.open(encoding="utf-8") as typed:
        monkeypatch.setattr(sys, "stdin", typed)
        assert server.main(["account", "add", *home, "--role", "system", "--name", "张示例"]) == 0
    assert server.main(["account", "list", *home]) == 0
    assert server.main(["audit", "verify", *home]) == 0
    made, listed, walked = said(capsys)

    assert (
        made
        == listed
        == {
            "name": "张示例",
            "role": "system",
            "scope": "53",
            "second_factor": False,
            "locked": False,
            "removed": False,
        }
    )
    assert (walked["ok"], walked["lines"]) == (True, 1)
    assert server.main(["audit", "verify", *home, "--seen", f"1:{walked['last']}"]) == 0
    assert server.main(["audit", "verify", *home, "--seen", f"2:{walked['last']}"]) == 3


def test_a_log_that_was_written_anew_is_found_out_by_whoever_kept_its_signed_end(office, tmp_path, capsys):
    for name in ("李示例", "王示例", "张示例"):
        office.add(name, "reader")
    home = ["--home", str(office.home.folder), "--place", "53"]
    good = "".join(written(office.register.lines(), COUNTY, NOW))
    (tmp_path / "good.jsonl").write_text(good, "utf-8")
    anew, last = [], BEGINNING
    for line in office.register.lines():
        anew.append(bound(last, line.number, replace(line.deed, object=line.deed.object.replace("王", "汪"))))
        last = anew[-1].hash
    (tmp_path / "anew.jsonl").write_text("".join(written(anew, COUNTY, NOW)), "utf-8")
    key = office.home.seal.sign(b"").key
    office.close()
    assert server.main(["audit", "head", *home]) == 0
    kept = tmp_path / "head.json"
    kept.write_text(capsys.readouterr().out, "utf-8")

    assert server.main(["audit", "verify", *home, "--head", str(kept)]) == 0
    assert server.main(["audit", "verify", "--file", str(tmp_path / "good.jsonl"), "--head", str(kept)]) == 0
    assert server.main(["audit", "verify", "--file", str(tmp_path / "anew.jsonl")]) == 0
    assert server.main(["audit", "verify", "--file", str(tmp_path / "anew.jsonl"), "--head", str(kept)]) == 3
    told = said(capsys)

    assert [one["seen"] for one in told] == [True, True, True, False]
    assert told[0]["signed_by"] == [key]
    kept.write_text(kept.read_text("utf-8").replace('"sig":"', '"sig":"A'), "utf-8")
    assert server.main(["audit", "verify", *home, "--head", str(kept)]) == 3


def test_an_empty_or_weak_password_makes_no_account(tmp_path, monkeypatch, capsys):
    home = ["--home", str(tmp_path / "home"), "--place", "53"]
    word = tmp_path / "word"
    for text in ("", "\n", "Password123456\n"):
        word.write_text(text, "utf-8")
        with word.open(encoding="utf-8") as typed:
            monkeypatch.setattr(sys, "stdin", typed)
            assert server.main(["account", "add", *home, "--role", "system", "--name", "张示例"]) == 3
    assert server.main(["account", "list", *home]) == 0

    assert "密码" in (told := capsys.readouterr()).err
    assert told.out == ""


def test_a_file_is_walked_without_a_home_and_says_where_it_breaks(office, tmp_path, capsys):
    for name in ("李示例", "王示例", "张示例"):
        office.add(name, "reader")
    good = "".join(written(office.register.lines(), COUNTY, NOW))
    file = tmp_path / "audit.jsonl"
    for text in (good, good.replace('"number":3', '"number": 3')):
        file.write_text(text, "utf-8")
        server.main(["audit", "verify", "--file", str(file)])

    assert [(one["ok"], one["lines"], one["broken_at"]) for one in said(capsys)] == [(True, 3, None), (False, 2, 3)]
