"""The command line of a server: what hinders it is said in a sentence, and nothing is begun meanwhile."""

import signal
import socket
import threading

import pytest

from app.desk import Desk
from app.domain.topic import Topic
from db import keep, province
from sync.homes import StageClock, SystemDice
from sync.server import main as server
from sync.server import serving as serving_at
from sync.server.sample import LAST_EVENING, SampleProvince, is_mixed, settled
from sync.server.watching import JsonLines
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


CERTIFICATES = {
    "there is no such file": ("--certificate", "nowhere.pem", "--key", "nowhere.key"),
    "they are none": ("--certificate", "words.txt", "--key", "words.txt"),
    "the key was forgotten": ("--certificate", "words.txt"),
    "the certificate was forgotten": ("--key", "words.txt"),
}
DOORS = {
    "of another machine": ("--address", "192.0.2.1"),
    "that is none": ("--address", "words"),
}
CALLS = {
    "a verb nobody knows": ("bakup",),
    "a door that no machine has": ("--port", "99999"),
    "a door without a number": ("--relay-port", "abc"),
    "nothing said where to": ("backup",),
    "a county of two digits": ("move", "--database", "x", "--to", "y", "--county", "53"),
    "no such role": ("account", "add", "--role", "king", "--name", "李示例"),
}


@pytest.fixture
def province_of_a_file(tmp_path, monkeypatch):
    """A province founded in a file, with a text beside it."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "words.txt").write_text("words", "ascii")
    assert server.main(["found", "--home", "p", "--place", "53", "--name", "示例省"]) == 0
    return tmp_path / "p"


def told(capsys):
    """Return what was said, which is one sentence and never what a machine says of itself."""
    said = capsys.readouterr().err.strip().splitlines()[-1]
    assert "Error" not in said
    return said


def serving(home, *words):
    return server.main(["--home", str(home), "--port", "0", "--relay-port", "0", *words])


@pytest.mark.parametrize("wrong", CERTIFICATES)
def test_with_a_certificate_that_is_none_no_door_is_opened(province_of_a_file, wrong, capsys):
    assert serving(province_of_a_file, *CERTIFICATES[wrong]) == 3

    assert told(capsys).endswith("代号 E-323")


@pytest.mark.parametrize("wrong", DOORS)
def test_at_an_address_that_is_not_ours_nobody_waits(province_of_a_file, wrong, capsys):
    assert serving(province_of_a_file, *DOORS[wrong]) == 3

    assert told(capsys).endswith("代号 E-321")


@pytest.mark.parametrize("option", ["--port", "--relay-port", "--admin-port"])
def test_a_door_that_another_program_has_is_told_by_its_own_option(province_of_a_file, option, capsys):
    with socket.create_server(("127.0.0.1", 0)) as other:
        assert serving(province_of_a_file, option, str(other.getsockname()[1])) == 3

    assert f"用 {option} 换一个端口" in told(capsys)


@pytest.mark.parametrize("wrong", CALLS)
def test_who_writes_a_command_wrongly_is_told_so_and_nothing_is_done(province_of_a_file, wrong, capsys):
    with pytest.raises(SystemExit) as ended:
        server.main(list(CALLS[wrong]))

    assert ended.value.code == 2
    assert told(capsys).startswith("命令写得不对：")


def test_a_place_that_no_table_has_is_neither_founded_nor_shown(province_of_a_file, tmp_path, capsys):
    assert server.main(["found", "--home", "q", "--place", "99", "--name", "示例省"]) == 3
    assert "区划表里没有 99" in told(capsys)
    assert not (tmp_path / "q").exists()

    assert serving(province_of_a_file, "--place", "999999") == 3
    assert "区划表里没有 999999" in told(capsys)


@pytest.mark.parametrize("file", ["nowhere.tsv", "words.txt"])
def test_a_table_of_places_that_is_none_is_named(province_of_a_file, file, capsys):
    assert serving(province_of_a_file, "--places", file) == 3

    assert f"区划表 {file} 读不了" in told(capsys)


@pytest.mark.parametrize("words", [(), ("found", "--place", "53", "--name", "示例省")])
def test_a_home_that_is_a_file_is_told_as_one(province_of_a_file, words, capsys):
    assert server.main([*words, "--home", "words.txt"]) == 3

    assert told(capsys).endswith("代号 E-324")


def test_a_home_that_is_open_is_told_in_the_words_of_a_server(province_of_a_file, capsys):
    with keep.hold(province_of_a_file):
        assert serving(province_of_a_file) == 3

    assert "先停下那一个" in told(capsys)


def test_a_second_server_on_the_folder_of_a_province_is_told_in_the_words_of_a_server(tmp_path, capsys):
    url, folder = fresh_database(), tmp_path / "province"
    province.open_store(url, folder, NOW).close()

    with keep.hold(folder):
        assert serving(folder, "--database", url, "--place", "53") == 3

    assert "先停下那一个" in told(capsys)


def test_a_county_that_no_table_has_is_not_moved_away(folder, capsys):
    url = f"postgresql://yuanba@/elsewhere?host={folder}"

    assert server.main(["move", "--home", str(folder), "--database", url, "--county", "999999", "--to", url]) == 3

    assert "区划表里没有 999999" in told(capsys)


def test_who_answers_the_whole_network_is_told_an_address_that_others_can_type(monkeypatch):
    class Route:
        def __init__(self, *_):
            pass

        def __enter__(self):
            return self

        def __exit__(self, *_):
            pass

        def connect(self, _):
            pass

        def getsockname(self):
            return ("192.168.1.10", 40_000)

    monkeypatch.setattr(serving_at.socket, "socket", Route)

    assert serving_at.as_others_type("网页：https://0.0.0.0:8430") == "网页：https://192.168.1.10:8430"
    assert serving_at.as_others_type("网页：http://127.0.0.1:8430") == "网页：http://127.0.0.1:8430"


@pytest.mark.parametrize("words", [(), ("account", "list"), ("audit", "verify")])
def test_no_empty_home_is_begun_where_the_folder_was_written_wrongly(tmp_path, words, capsys):
    wrong = tmp_path / "privince"

    assert server.main([*words, "--home", str(wrong)]) == 3

    assert f"还不知道 {wrong} 是哪里的服务器" in told(capsys)
    assert not wrong.exists()


@pytest.mark.parametrize("option", ["--file", "--head"])
@pytest.mark.parametrize("name", ["nowhere.jsonl", "words.txt", "empty"])
def test_a_file_that_is_no_log_is_not_found_in_order(province_of_a_file, option, name, capsys):
    (province_of_a_file.parent / "empty").touch()

    assert server.main(["audit", "verify", "--home", str(province_of_a_file), option, name]) == 3

    assert "ok" not in capsys.readouterr().out


@pytest.mark.expects_log("attachments: E-344")
def test_a_bucket_that_is_away_is_told_as_such_and_not_as_a_folder(province_of_a_file, capsys, monkeypatch):
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_ENDPOINT_URL_S3", "http://127.0.0.1:9")

    assert server.main(["attachments", "--home", str(province_of_a_file), "--to", "s3://bucket/prefix"]) == 3

    assert "代号 E-34" in told(capsys)


def test_the_sample_is_not_put_into_a_real_province(province_of_a_file, capsys):
    assert server.main(["--sample", "--home", str(province_of_a_file), "--port", "0"]) == 3

    assert "示例省不往里放" in told(capsys)


def test_the_key_goes_to_another_place_than_the_backup(province_of_a_file, tmp_path, capsys):
    assert server.main(["backup", "--home", "p", "--to", "b.tar", "--key-to", "b.tar"]) == 3

    assert "密钥要另放一处" in told(capsys)
    assert not (tmp_path / "b.tar").exists()


@pytest.mark.expects_log("a part of the program has ended: pages$")
def test_what_ends_a_thread_is_logged_without_its_words(caplog):
    error = RuntimeError("赵某甲的猪圈")

    server._heard_of(threading.ExceptHookArgs((RuntimeError, error, None, threading.Thread(name="pages"))))

    assert "赵某甲" not in JsonLines().format(caplog.records[-1])


def test_a_mistake_of_our_own_is_told_by_its_place_and_not_by_its_words(province_of_a_file, capsys, monkeypatch):
    def wrong(*_):
        raise RuntimeError("赵某甲的猪圈")

    monkeypatch.setattr("db.backup.examine", wrong)

    assert server.main(["backup", "--home", "p", "--to", "b.tar"]) == 1

    said = capsys.readouterr().err.strip()
    assert said.startswith("这一步没做成")
    assert "RuntimeError" in said
    assert "test_main.py" in said
    assert "赵某甲" not in said
    assert len(said.splitlines()) == 1


def test_who_stops_a_verb_is_told_that_nothing_has_changed(province_of_a_file, capsys, monkeypatch):
    def stop(*_):
        signal.raise_signal(signal.SIGTERM)

    monkeypatch.setattr("db.backup.examine", stop)

    assert server.main(["backup", "--home", "p", "--to", "b.tar"]) == 130

    assert told(capsys).startswith("停下了")
    assert not list(province_of_a_file.parent.glob("*b.tar*"))


class CutOff(Desk):
    """A desk whose program is ended after its first act."""

    def do(self, command):
        super().do(command)
        raise KeyboardInterrupt


def test_a_sample_that_was_cut_off_is_made_to_its_end(tmp_path):
    home = keep.open_home(tmp_path / "sample", NOW)
    parts = (home.shelf, home.ledger, StageClock(LAST_EVENING), SystemDice())

    with pytest.raises(KeyboardInterrupt):
        settled(CutOff(*parts, seal=home.seal), home.seal.sign, SampleProvince(years=((2026, 120),)))
    begun = home.shelf.count(Topic)
    settled(Desk(*parts, seal=home.seal), home.seal.sign, SampleProvince(years=((2026, 120),)))

    assert 0 < begun < home.shelf.count(Topic) == 120
    assert not is_mixed(home.shelf)
    home.close()
