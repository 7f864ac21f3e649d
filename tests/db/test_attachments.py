"""Attachments in a store of objects: the same seals and promises, and a sentence for whatever goes wrong there."""

import logging
import os
import shutil
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from app.domain.errors import AttachmentLost, NotSaved
from db import attachments, bucket, keep
from db.attachments import BucketBlobs, LieElsewhere, begin_in, blobs_of, move_to, try_out
from db.blobs import CHUNK, FileBlobs
from db.bucket import (
    AddressOfNone,
    Bucket,
    BucketAway,
    BucketBusy,
    BucketDenied,
    BucketFull,
    BucketKeepsAll,
    BucketUnclear,
    ClockApart,
    NoBucket,
    NoKeys,
)
from tests.bucket import NAME, store_running
from tests.db.conftest import NOW
from tests.sync.faulty_line import Fault, faulty_line

KEY = bytes(range(32))
PICTURE = "签了字的纸".encode() * 4000
ADDRESS = f"s3://{NAME}/yuanba/53"
ID, OTHER = "ab" * 32, "cd" * 32


@pytest.fixture(scope="module")
def running():
    with store_running() as store:
        yield store


@pytest.fixture
def world(running, monkeypatch):
    """A store with an empty bucket, and what leads there in the environment."""
    running.empty()
    for name, value in running.environment().items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(bucket, "TRIES", 1)
    return running


@pytest.fixture
def blobs(world, tmp_path):
    return in_bucket(tmp_path)


def in_bucket(folder, address=ADDRESS):
    return BucketBlobs(folder / "blobs", KEY, lambda blob_id: False, Bucket.at(address))


def files_in(folder):
    return [file for file in folder.rglob("*") if file.is_file()]


@pytest.mark.parametrize("size", [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK])
def test_what_goes_in_comes_out(blobs, tmp_path, size):
    content = os.urandom(size)

    blob_id = blobs.put(content)

    assert blobs.get(blob_id) == content
    assert b"".join(blobs.piece(blob_id, number) for number in range(max(1, -(-size // CHUNK)))) == content
    assert blobs.has(blob_id)
    assert blobs.size(blob_id) == size
    assert files_in(tmp_path) == []


def test_what_lies_there_is_what_would_lie_in_the_folder(world, blobs, tmp_path):
    blob_id = blobs.put(PICTURE)
    FileBlobs(tmp_path / "other", KEY).put(PICTURE)

    (file,) = files_in(tmp_path / "other")
    assert world.objects() == {f"yuanba/53/{blob_id[:2]}/{blob_id}": file.read_bytes()}
    assert "签了字".encode() not in file.read_bytes()


def test_what_came_from_elsewhere_is_there_once_it_was_settled(world, blobs, tmp_path):
    blobs.adopt(ID, len(PICTURE), [PICTURE])
    blobs.shelve(OTHER, 3, b"sealed")
    assert world.objects() == {}

    blobs.settle()

    assert blobs.get(ID) == PICTURE
    assert blobs.shelved(OTHER, 3) == b"sealed"
    assert blobs.shelved(OTHER, 4) == b""
    assert files_in(tmp_path) == []
    blobs.unshelve(OTHER)
    blobs.forget(ID)
    assert world.objects() == {}
    with pytest.raises(AttachmentLost, match="不见了"):
        blobs.get(ID)
    assert not blobs.has(ID)
    blobs.adopt(ID, len(PICTURE), [PICTURE])
    blobs.settle()
    assert blobs.has(ID)


def test_another_key_opens_nothing_and_damage_is_told(world, blobs, tmp_path):
    blob_id = blobs.put(PICTURE)

    with pytest.raises(AttachmentLost, match="坏了"):
        BucketBlobs(tmp_path / "b", bytes(32), lambda _: False, blobs.bucket).get(blob_id)
    blobs.bucket.write(f"{blob_id[:2]}/{blob_id}", b"noise")
    with pytest.raises(AttachmentLost, match="坏了"):
        blobs.get(blob_id)
    with pytest.raises(AttachmentLost, match="坏了"):
        blobs.piece(blob_id, 1)


@contextmanager
def refusing(status, word):
    """Run something that refuses whatever it is asked, as stores do."""
    said = f"<?xml version='1.0'?><Error><Code>{word}</Code><Message>AKIA secret</Message></Error>".encode()

    class Refusing(BaseHTTPRequestHandler):
        def answer(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length", 0)))
            self.send_response(status)
            self.send_header("Content-Length", str(len(said)))
            self.end_headers()
            self.wfile.write(said)

        do_GET = do_PUT = do_DELETE = answer  # noqa: N815  as the library calls them

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Refusing)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.mark.expects_log("attachments: E-34")
@pytest.mark.parametrize(
    ("status", "word", "trouble"),
    [
        (403, "AccessDenied", BucketDenied),
        (403, "RequestTimeTooSkewed", ClockApart),
        (404, "NoSuchBucket", NoBucket),
        (507, "XMinioStorageFull", BucketFull),
        (403, "QuotaExceeded", BucketFull),
        (503, "SlowDown", BucketBusy),
        (500, "InternalError", BucketBusy),
        (400, "EntityTooLarge", BucketUnclear),
        (400, "<b>AKIA", BucketUnclear),
    ],
)
def test_each_refusal_is_a_sentence_and_nothing_is_left_half_done(
    world, blobs, tmp_path, monkeypatch, status, word, trouble
):
    with refusing(status, word) as url:
        monkeypatch.setenv("AWS_ENDPOINT_URL_S3", url)
        blobs.adopt(ID, len(PICTURE), [PICTURE])
        with pytest.raises(NotSaved) as told:
            blobs.settle()

    assert type(told.value) is trouble
    assert "AKIA" not in told.value.sentence()
    assert told.value.kept
    assert files_in(tmp_path) == []
    assert world.objects() == {}


@pytest.mark.expects_log("attachments: E-34")
def test_wrong_keys_no_keys_and_no_bucket_are_told_and_no_secret_is(world, tmp_path, monkeypatch, caplog):
    caplog.set_level(logging.DEBUG)
    with pytest.raises(NoBucket):
        try_out(in_bucket(tmp_path, "s3://not-there/x"))
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "wrong-secret")
    with pytest.raises(BucketDenied) as told:
        try_out(in_bucket(tmp_path))
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    with pytest.raises(NoKeys):
        try_out(in_bucket(tmp_path))

    said = caplog.text + told.value.sentence() + repr(told.value.__cause__)
    assert not [secret for secret in ("wrong-secret", world.key, world.secret, world.url) if secret in said]


@pytest.mark.expects_log("attachments: E-341", "attachments: E-342")
def test_a_store_that_is_away_mute_or_cut_off_is_told_and_takes_it_later(world, blobs, tmp_path, monkeypatch):
    monkeypatch.setattr(bucket, "REST_S", 0)
    monkeypatch.setattr(bucket, "SILENCE_S", 0.5)
    with faulty_line(world.port) as line:
        monkeypatch.setenv("AWS_ENDPOINT_URL_S3", line.url)
        for fault, trouble in ((Fault(cut_up=20_000), BucketAway), (Fault(is_mute=True), BucketBusy)):
            line.set(fault)
            blobs = in_bucket(tmp_path)
            blobs.adopt(ID, len(PICTURE), [PICTURE])
            with pytest.raises(trouble):
                blobs.settle()
            assert world.objects() == {}
            assert files_in(tmp_path) == []
        line.set(Fault())
        blobs = in_bucket(tmp_path)
        blobs.adopt(ID, len(PICTURE), [PICTURE])
        blobs.settle()
        line.set(Fault(cut_down=20_000))
        with pytest.raises(BucketAway):
            in_bucket(tmp_path).get(ID)
        line.set(Fault())
        assert in_bucket(tmp_path).get(ID) == PICTURE
    with pytest.raises(BucketAway):
        in_bucket(tmp_path).get(ID)


@pytest.mark.expects_log("attachments: E-341")
def test_a_store_that_did_not_answer_is_not_asked_for_each_picture(world, blobs, monkeypatch):
    with faulty_line(world.port) as line:
        line.set(Fault(page=b""))
        monkeypatch.setenv("AWS_ENDPOINT_URL_S3", line.url)
        for _ in range(50):
            with pytest.raises(BucketAway):
                blobs.get(ID)
        assert line.connections == 1

        monkeypatch.setattr(bucket, "monotonic", lambda: float("inf"))
        with pytest.raises(BucketAway):
            blobs.get(ID)
        assert line.connections == 2


@pytest.mark.usefixtures("world")
def test_a_bucket_that_keeps_what_is_removed_is_none_to_keep_attachments_in(running, tmp_path):
    running.client().create_bucket(Bucket="keeps-all")
    told = {"Status": "Enabled"}
    running.client().put_bucket_versioning(Bucket="keeps-all", VersioningConfiguration=told)

    with pytest.raises(BucketKeepsAll):
        try_out(in_bucket(tmp_path, "s3://keeps-all"))
    try_out(in_bucket(tmp_path))
    assert running.objects() == {}


@pytest.mark.parametrize("address", ["", "s3://", "http://x/y", "s3://UPPER", "s3://ok-name/../x", "s3://u:p@host/b"])
def test_an_address_that_is_none_is_refused(address):
    with pytest.raises(AddressOfNone):
        Bucket.at(address)


def test_a_home_begins_in_a_bucket_or_stays_where_it_is(world, home, folder, tmp_path):
    home.blobs.put(PICTURE)

    with pytest.raises(LieElsewhere):
        begin_in(folder, ADDRESS)
    begin_in(tmp_path / "new", ADDRESS)
    begin_in(tmp_path / "new", f"{ADDRESS}/")
    with pytest.raises(LieElsewhere, match="yuanba/53"):
        begin_in(tmp_path / "new", "s3://elsewhere")

    assert type(home.blobs) is FileBlobs
    opened = keep.open_home(tmp_path / "new", NOW)
    blob_id = opened.blobs.put(PICTURE)
    opened.close()
    assert [name.rpartition("/")[2] for name in world.objects()] == [blob_id]


def test_attachments_move_from_the_folder_and_are_found_there(world, folder):
    home = keep.open_home(folder, NOW)
    blob_id = home.blobs.put(PICTURE)
    home.blobs.shelve(OTHER, 0, b"sealed")
    home.close()
    before = {
        f"yuanba/53/{file.relative_to(folder / 'blobs')}": file.read_bytes() for file in files_in(folder / "blobs")
    }

    moved = move_to(folder, ADDRESS)

    assert moved.files == 2
    assert world.objects() == before
    assert files_in(folder / "blobs") == []
    home = keep.open_home(folder, NOW)
    assert home.blobs.get(blob_id) == PICTURE
    assert home.cargo.shelved(OTHER, 0) == b"sealed"
    home.close()
    assert move_to(folder, ADDRESS).files == 0


@pytest.mark.expects_log("attachments: E-34")
def test_a_move_that_fails_leaves_them_in_the_folder(world, folder, monkeypatch):
    home = keep.open_home(folder, NOW)
    blob_id = home.blobs.put(PICTURE)
    home.close()
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "wrong")

    with pytest.raises(BucketDenied):
        move_to(folder, ADDRESS)

    assert attachments.told(folder) == ""
    assert blobs_of(folder, keep.home_key(folder), lambda _: False).get(blob_id) == PICTURE
    shutil.rmtree(folder / "blobs")
