"""The pages at an address, on a thread of their own."""

import contextlib
import logging
import socket
import threading
from contextlib import suppress
from types import TracebackType

import uvicorn
from starlette.types import ASGIApp

from sync.server.impatient import Impatient
from sync.server.troubles import Trust, binding

LONGEST_HEAD = 16_384
MOST_AT_ONCE = 200
IDLE_S = 15
BACKLOG = 512


class Pages:
    """Serves an application. `with Pages(app, address) as pages:` serves until the end of the block."""

    def __init__(
        self, app: ASGIApp, address: tuple[str, int], trust: Trust | None = None, option: str = "--port"
    ) -> None:
        """Bind to the address; port 0 takes a free one, and `option` is where it is written.

        Raises:
            PortTaken, AddressNotOurs, PortBarred: Nobody could answer there.
        """
        with binding(*address, option):
            self._socket = _listening(address)
        self._is_safe = trust is not None and trust.certificate is not None
        config = uvicorn.Config(
            app,
            http=Impatient,
            log_config=None,
            access_log=False,
            server_header=False,
            lifespan="off",
            limit_concurrency=MOST_AT_ONCE,
            timeout_keep_alive=IDLE_S,
            h11_max_incomplete_event_size=LONGEST_HEAD,
            ssl_certfile=str(trust.certificate) if trust and trust.certificate else None,
            ssl_keyfile=str(trust.key) if trust and trust.key else None,
            timeout_graceful_shutdown=5,
        )
        logging.getLogger("uvicorn.error").setLevel(logging.ERROR)  # what strangers send wrongly is no news
        self._server = _Quiet(config)
        self._thread = threading.Thread(target=self._run, name="pages")

    @property
    def url(self) -> str:
        """Return the address as a person types it."""
        host, port = self._socket.getsockname()[:2]
        return f"{'https' if self._is_safe else 'http'}://{f'[{host}]' if ':' in host else host}:{port}"

    def is_open(self) -> bool:
        """Return whether anybody is served still."""
        return self._thread.is_alive()

    def _run(self) -> None:
        self._server.run(sockets=[self._socket])

    def __enter__(self) -> "Pages":
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        self._server.should_exit = True
        self._thread.join()
        self._socket.close()


def as_others_type(url: str) -> str:
    """Return an address that answers on every network as others on ours type it."""
    return url.replace("//0.0.0.0:", f"//{_own_address(socket.AF_INET, '192.0.2.1') or '0.0.0.0'}:").replace(
        "//[::]:", f"//[{_own_address(socket.AF_INET6, '2001:db8::1') or '::'}]:"
    )


def _own_address(family: socket.AddressFamily, far: str) -> str:
    """Return under which address this machine would call far away; '' without a network. Nothing is sent for it."""
    with suppress(OSError), socket.socket(family, socket.SOCK_DGRAM) as asking:
        asking.connect((far, 9))
        return str(asking.getsockname()[0])
    return ""


class _Quiet(uvicorn.Server):
    """Leaves the signals to whoever started it."""

    def capture_signals(self) -> contextlib.AbstractContextManager[None]:  # type: ignore[override]
        """Return nothing that listens to signals: the thread is not the one that gets them."""
        return contextlib.nullcontext()


def _listening(address: tuple[str, int]) -> socket.socket:
    family = socket.AF_INET6 if ":" in address[0] else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind(address)
        listener.listen(BACKLOG)  # who calls before the thread is up waits
    except OSError:
        listener.close()
        raise
    return listener
