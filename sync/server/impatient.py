"""Who opens a connection to the pages and says nothing, speaks or listens too slowly is let go, for others wait.

There are only so many connections. What a stranger can hold one of them with is looked at every few seconds: a question
that does not come to its end, a form that does not, an answer of which nothing is taken away. An answer that we are
still about is no fault of theirs.
"""

from dataclasses import dataclass
from typing import Any

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a connection is waited for: a question with the idle time before it; the form in it, which is short; and
    an answer, of which nothing more goes out."""

    question_s: float = 25.0
    form_s: float = 30.0
    answer_s: float = 60.0
    look_s: float = 2.0


PATIENCE = Patience()


class Impatient(H11Protocol):
    """One connection of a server that does not wait for ever."""

    patience = PATIENCE

    def connection_made(self, transport: Any) -> None:
        """Begin to look."""
        self._answered = 0
        super().connection_made(transport)
        self._phase: tuple[Any, ...] = ()
        self._since = self.loop.time()
        self._look()

    def on_response_complete(self) -> None:
        """Count the answers: what is waited for after one is another thing than before."""
        self._answered += 1
        super().on_response_complete()

    def _look(self) -> None:
        if self.transport.is_closing():
            return
        phase, now = self._about(), self.loop.time()
        if phase != self._phase:
            self._phase, self._since = phase, now
        if now - self._since > self._may_last(phase[0]):
            self.transport.abort()
            return
        self.loop.call_later(self.patience.look_s, self._look)

    def _about(self) -> tuple[Any, ...]:
        """Return what is waited for; it is another thing as soon as anything has come of it that counts."""
        if self.conn.their_state is h11.IDLE:
            return ("question", self._answered)
        if self.conn.their_state is h11.SEND_BODY:
            return ("form", self._answered)
        left = self.transport.get_write_buffer_size()
        return ("answer" if left else "our own", left, self._answered)

    def _may_last(self, what: str) -> float:
        patience = self.patience
        lasts = {"question": patience.question_s, "form": patience.form_s, "answer": patience.answer_s}
        return lasts.get(what, float("inf"))
