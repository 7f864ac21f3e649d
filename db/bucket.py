"""A bucket: a store of objects that speaks S3, where a server's attachments lie when they outgrow its folder.

Where it is and who we are is told as is usual for such stores: `AWS_ENDPOINT_URL_S3`, `AWS_ACCESS_KEY_ID`,
`AWS_SECRET_ACCESS_KEY` and `AWS_REGION` in the environment, or the files that `AWS_SHARED_CREDENTIALS_FILE` and
`AWS_CONFIG_FILE` name. None of it is ever on a command line, in a line of the log or in a sentence.

An object is there whole or not at all, and a store that says it has one keeps it: so each is put by one request, whose
signature covers every byte. A store that does not answer is left alone for a moment; else each of a thousand pictures
would wait for it in its turn.
"""

import logging
import re
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from time import monotonic
from typing import Any

from app.domain.errors import NotSaved, Refused, Trouble

AT_ONCE = 8
CONNECT_S, SILENCE_S, TRIES = 5, 20, 2
REST_S = 2.0
"""How long a store that did not answer is not asked again."""
ADDRESS = re.compile(r"s3://([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:/([A-Za-z0-9._/-]*))?")
_KEPT = "已存的附件都在，没存上的对方会再送"
_LOG = logging.getLogger(__name__)


class AddressOfNone(Refused):
    """What was told is no address of a bucket."""

    code = "E-340"

    def __init__(self) -> None:
        super().__init__("附件存储的地址写得不对", "什么也没动", "写成 s3://桶名/前缀；网址和密钥写在环境变量里")


class BucketTrouble(NotSaved):
    """A store of objects would not do what it was asked to; nothing of it is half done."""

    def __init__(self, what: str, advice: str) -> None:
        Trouble.__init__(self, what, _KEPT, advice)
        self.cause = type(self).__name__


class BucketAway(BucketTrouble):
    """Nobody answers, or somebody stopped in the middle."""

    code = "E-341"

    def __init__(self) -> None:
        super().__init__("附件存储连不上，或者半路断了", "看看存储开着没有，AWS_ENDPOINT_URL_S3 和证书对不对")


class BucketBusy(BucketTrouble):
    """It answers too slowly, or says that it has too much to do."""

    code = "E-342"

    def __init__(self) -> None:
        super().__init__("附件存储太忙，没答上来", "等一会儿会自己再试；总是这样就看看存储那边")


class BucketDenied(BucketTrouble):
    """It does not know us, or does not let us."""

    code = "E-343"

    def __init__(self) -> None:
        super().__init__(
            "附件存储不认这把密钥，或者不许读写", "核对 AWS_ACCESS_KEY_ID、AWS_SECRET_ACCESS_KEY 和桶的权限"
        )


class NoKeys(BucketTrouble):
    """Nobody has told who we are."""

    code = "E-344"

    def __init__(self) -> None:
        advice = "设好环境变量 AWS_ACCESS_KEY_ID 和 AWS_SECRET_ACCESS_KEY，或 AWS_SHARED_CREDENTIALS_FILE"
        super().__init__("没有附件存储的密钥", advice)


class NoBucket(BucketTrouble):
    """There is a store, and no such bucket in it."""

    code = "E-345"

    def __init__(self) -> None:
        super().__init__("附件存储里没有这个桶", "先把桶建好，或者核对 --attachments 后面的桶名")


class BucketFull(BucketTrouble):
    """It has no room left."""

    code = "E-346"

    def __init__(self) -> None:
        super().__init__("附件存储满了", "给它加容量，没存上的会自己再来")


class ClockApart(BucketTrouble):
    """Its clock and ours are too far apart for signatures to hold."""

    code = "E-347"

    def __init__(self) -> None:
        super().__init__("这台服务器的时钟和附件存储差得太多", "把时钟校准，再试")


class BucketUnclear(BucketTrouble):
    """It refuses for a reason of its own; `why` is its word for it."""

    code = "E-348"

    def __init__(self, why: str = "") -> None:
        told = f"（{why}）" if re.fullmatch(r"[A-Za-z0-9]{1,40}", why) else ""
        super().__init__(f"附件存储没有照办{told}", "核对 AWS_ENDPOINT_URL_S3；还不行，把括号里的词告诉管存储的人")


class BucketKeepsAll(BucketTrouble):
    """It keeps what is removed, so that nothing could ever be erased."""

    code = "E-349"

    def __init__(self) -> None:
        super().__init__("这个桶开着版本保留，该删的删不掉", "关掉版本保留，或者换一个桶")


class BeyondEnd(Exception):
    """A span of an object begins where there is nothing any more."""


_BY_WORD: dict[str, Callable[[], BucketTrouble]] = {
    **dict.fromkeys(("SlowDown", "ServiceUnavailable", "InternalError", "RequestTimeout", "503", "500"), BucketBusy),
    **dict.fromkeys(("AccessDenied", "InvalidAccessKeyId", "SignatureDoesNotMatch", "ExpiredToken"), BucketDenied),
    **dict.fromkeys(("InvalidToken", "AllAccessDisabled", "401", "403", "Forbidden"), BucketDenied),
    **dict.fromkeys(("QuotaExceeded", "InsufficientStorage", "XMinioStorageFull", "507"), BucketFull),
    "NoSuchBucket": NoBucket,
    "RequestTimeTooSkewed": ClockApart,
}


@dataclass(frozen=True)
class Bucket:
    """The objects of a bucket whose keys begin with a prefix. Calls may come from several threads."""

    name: str
    prefix: str = ""

    @classmethod
    def at(cls, address: str) -> "Bucket":
        """Return the bucket of an address `s3://bucket/prefix`.

        Raises:
            AddressOfNone: It is none.
        """
        found = ADDRESS.fullmatch(address)
        prefix = found[2] or "" if found else ""
        if found is None or ".." in prefix or "//" in prefix:
            raise AddressOfNone
        return cls(found[1], prefix.strip("/"))

    @property
    def address(self) -> str:
        """Return how it is told."""
        return f"s3://{self.name}/{self.prefix}".rstrip("/")

    @cached_property
    def _line(self) -> "_Line":
        return _Line()

    def read(self, name: str, start: int = 0, count: int = -1) -> bytes:
        """Return an object, or so many bytes of it, fewer at its end.

        Raises:
            FileNotFoundError: There is none.
            BucketTrouble: The store would not.
        """
        span = f"bytes={start}-{start + count - 1}"
        wanted = self._key(name) if count < 0 else self._key(name) | {"Range": span}
        return self._line.read(**wanted)

    def has(self, name: str) -> bool:
        """Return whether there is such an object.

        Raises:
            BucketTrouble: The store would not say.
        """
        try:
            self._line.ask("head_object", **self._key(name))
        except FileNotFoundError:
            return False
        return True

    def write(self, name: str, content: bytes | Path) -> None:
        """Put an object, in the place of one of that name.

        Raises:
            BucketTrouble: The store would not take it; what was there before is as it was.
        """
        if isinstance(content, bytes):
            self._line.ask("put_object", **self._key(name), Body=content)
            return
        with content.open("rb") as body:
            self._line.ask("put_object", **self._key(name), Body=body)

    def remove(self, name: str) -> None:
        """Remove an object, if there is one.

        Raises:
            BucketTrouble: The store would not.
        """
        self._line.ask("delete_object", **self._key(name))

    def names(self, folder: str = "") -> Iterator[tuple[str, int]]:
        """Yield name and size of every object whose name begins so, in order.

        Raises:
            BucketTrouble: The store would not say.
        """
        told: dict[str, Any] = {"Bucket": self.name, "Prefix": self._full(folder)}
        cut = len(self._full(""))
        more: dict[str, str] = {}
        while True:
            page = self._line.ask("list_objects_v2", **told, **more)
            yield from ((one["Key"][cut:], one["Size"]) for one in page.get("Contents", ()))
            if not page.get("IsTruncated"):
                return
            more = {"ContinuationToken": page["NextContinuationToken"]}

    def try_out(self) -> None:
        """Put, read and remove a small object.

        Raises:
            BucketTrouble: Something of it cannot be done, or the bucket keeps what is removed.
        """
        self.write("try", b"yuanba")
        self.read("try", 0, 1)
        self.remove("try")
        try:
            kept = self._line.ask("get_bucket_versioning", Bucket=self.name).get("Status")
        except (BucketDenied, BucketUnclear):  # many stores have no versions to tell of, or tell them to others only
            return
        if kept == "Enabled":
            raise BucketKeepsAll

    def _full(self, name: str) -> str:
        return f"{self.prefix}/{name}" if self.prefix else name

    def _key(self, name: str) -> dict[str, str]:
        return {"Bucket": self.name, "Key": self._full(name)}


class _Line:
    """The line to the store."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._resting_until = 0.0
        self._rests_for: Callable[[], BucketTrouble] = BucketAway

    @cached_property
    def _client(self) -> Any:
        """Return what speaks S3. It takes half a second to load, so that only who has a bucket loads it."""
        import botocore.session
        from botocore.config import Config

        for name in ("botocore", "urllib3"):  # they tell of their tries, with addresses
            logging.getLogger(name).setLevel(logging.CRITICAL)
        session = botocore.session.get_session()
        # Not every store answers to names of buckets before its own; whose does not answer to paths says so in the file
        # of AWS_CONFIG_FILE: `s3 =` and below it `addressing_style = virtual`.
        manner = {"addressing_style": "path", **session.get_scoped_config().get("s3", {})}
        config = Config(
            s3={**manner, "payload_signing_enabled": True},
            connect_timeout=CONNECT_S,
            read_timeout=SILENCE_S,
            retries={"mode": "standard", "total_max_attempts": TRIES},
            max_pool_connections=AT_ONCE,
            request_checksum_calculation="when_required",
            response_checksum_validation="when_required",
        )
        region = session.get_config_variable("region") or "us-east-1"
        return session.create_client("s3", region_name=region, config=config)

    def ask(self, what: str, **told: Any) -> Any:
        """Return what the store answers.

        Raises:
            FileNotFoundError: There is no such object.
            BucketTrouble: It would not, or does not answer.
        """
        return self._asked(what, told, lambda answer: answer)

    def read(self, **told: Any) -> bytes:
        """Return the bytes of an object; none of a span that begins beyond its end.

        Raises:
            FileNotFoundError, BucketTrouble: As when asked for anything.
        """
        try:
            return bytes(self._asked("get_object", told, lambda answer: answer["Body"].read()))
        except BeyondEnd:
            return b""

    def _asked(self, what: str, told: dict[str, Any], then: Callable[[Any], Any]) -> Any:
        from botocore.exceptions import BotoCoreError, ClientError

        if monotonic() < self._resting_until:
            raise self._rests_for()
        try:
            with self._lock:
                client = self._client
            return then(getattr(client, what)(**told))
        except ClientError as error:
            word = str(error.response.get("Error", {}).get("Code", ""))
            if word in ("NoSuchKey", "404", "NotFound"):
                raise FileNotFoundError(told.get("Key", "")) from None
            if word in ("InvalidRange", "416"):
                raise BeyondEnd from None
            raise self._told(_BY_WORD[word]() if word in _BY_WORD else BucketUnclear(word)) from None
        except (BotoCoreError, ValueError) as error:  # what botocore says names keys and addresses: it is not passed on
            raise self._told(_why_silent(error)) from None

    def _told(self, trouble: BucketTrouble) -> BucketTrouble:
        for silent in (BucketAway, BucketBusy):
            if isinstance(trouble, silent):
                self._rests_for, self._resting_until = silent, monotonic() + REST_S
        _LOG.error("attachments: %s", trouble.code)
        return trouble


def _why_silent(error: Exception) -> BucketTrouble:
    from botocore import exceptions as of

    kinds: tuple[tuple[tuple[type[Exception], ...], Callable[[], BucketTrouble]], ...] = (
        ((of.NoCredentialsError, of.PartialCredentialsError, of.CredentialRetrievalError, of.ProfileNotFound), NoKeys),
        ((of.ReadTimeoutError, of.ConnectTimeoutError), BucketBusy),
        ((of.ConnectionError, of.HTTPClientError, of.IncompleteReadError), BucketAway),
    )
    return next((trouble() for kind, trouble in kinds if isinstance(error, kind)), BucketUnclear())
