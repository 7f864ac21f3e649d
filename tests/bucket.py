"""A store of objects of the tests' own: real HTTP on loopback, with keys, signatures and permissions as S3 has them.

It is a process of its own, so that it can be killed; what it had is gone with it.
"""

import json
import os
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread
from typing import IO, Any

import botocore.session
from botocore.config import Config

NAME = "yuanba-fujian"
PATIENCE_S = 120
_ANYBODY = ("first", "first")
_MAY = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}]}


class Store:
    """A store with one bucket, and somebody who may use it."""

    def __init__(self) -> None:
        self.port = _free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.process: subprocess.Popen[str] | None = None
        self.key, self.secret = _ANYBODY
        self.start()

    def start(self) -> None:
        """Start it, empty, at its own port, with a bucket and a person of its own."""
        self.process = subprocess.Popen(
            [sys.executable, "-W", "ignore", "-m", "moto.server", "-H", "127.0.0.1", "-p", str(self.port)],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            env=os.environ | {"PYTHONUNBUFFERED": "1"},
        )
        assert self.process.stderr is not None
        for line in self.process.stderr:
            if "Running on" in line:
                break
        self._listening = Thread(target=_unheeded, args=(self.process.stderr,), daemon=True)
        self._listening.start()
        self.key, self.secret = _ANYBODY
        self.client("s3").create_bucket(Bucket=NAME)
        self.ask("seed?a=7")  # so that the same person has the same keys when it is started again
        person = self.client("iam")
        person.create_user(UserName="server")
        person.put_user_policy(UserName="server", PolicyName="may", PolicyDocument=json.dumps(_MAY))
        made = person.create_access_key(UserName="server")["AccessKey"]
        self.key, self.secret = made["AccessKeyId"], made["SecretAccessKey"]
        self.ask("reset-auth", b"0")  # from now on whoever asks is looked at

    def kill(self) -> None:
        """End it as if the power had failed."""
        assert self.process is not None
        self.process.kill()
        self.process.wait()
        assert self.process.stderr is not None
        self._listening.join()
        self.process.stderr.close()

    def ask(self, what: str, body: bytes = b"") -> None:
        """Ask the store about itself."""
        plain = {"Content-Type": "text/plain"}
        question = urllib.request.Request(f"{self.url}/moto-api/{what}", body, plain, method="POST")
        with urllib.request.urlopen(question, timeout=PATIENCE_S) as answer:
            answer.read()

    def client(self, service: str = "s3") -> Any:
        """Return what a person at the store looks with."""
        return botocore.session.get_session().create_client(
            service,
            region_name="us-east-1",
            endpoint_url=self.url,
            aws_access_key_id=self.key,
            aws_secret_access_key=self.secret,
            config=Config(s3={"addressing_style": "path"}),
        )

    def objects(self) -> dict[str, bytes]:
        """Return all that lies in the bucket."""
        client = self.client()
        names = [one["Key"] for one in client.list_objects_v2(Bucket=NAME).get("Contents", ())]
        return {name: client.get_object(Bucket=NAME, Key=name)["Body"].read() for name in names}

    def empty(self) -> None:
        """Remove all that lies in the bucket."""
        client = self.client()
        for name in self.objects():
            client.delete_object(Bucket=NAME, Key=name)

    def environment(self, url: str = "") -> dict[str, str]:
        """Return what a server is told in its environment; `url` leads there by another way."""
        told = {"AWS_ACCESS_KEY_ID": self.key, "AWS_SECRET_ACCESS_KEY": self.secret}
        told |= {"AWS_ENDPOINT_URL_S3": url or self.url, "AWS_EC2_METADATA_DISABLED": "true"}
        return told | dict.fromkeys(("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"), os.devnull)


@contextmanager
def store_running() -> Iterator[Store]:
    """Run a store for a block."""
    store = Store()
    try:
        yield store
    finally:
        store.kill()


def _unheeded(said: IO[str]) -> None:
    """Hear what the store says of each question; with nobody to hear it, it would fall silent after some hundreds."""
    for _ in said:
        pass


def _free_port() -> int:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return int(sock.getsockname()[1])
