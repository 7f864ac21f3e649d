"""A thread beside a window, for what may never answer: a print service, a driver, a scanner's pictures."""

import threading

from PySide6.QtCore import QObject


class Aside(QObject):
    """A thread of its own that tells what it finds by signals. It is left behind if it never ends.

    It belongs to no window, for a window may go while the thread is just telling something; what it tells to nobody
    any more is not heard.
    """

    def __init__(self, name: str) -> None:
        super().__init__()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    def begin(self) -> None:
        """Start the thread."""
        _AT_WORK[:] = [*(one for one in _AT_WORK if one.is_at_work()), self]
        self._thread.start()

    def is_at_work(self) -> bool:
        """Return whether its thread has not ended."""
        return self._thread.is_alive()

    def work(self) -> None:
        """Do what is to be done, on the thread."""
        raise NotImplementedError

    def _run(self) -> None:
        try:
            self.work()
        except RuntimeError:
            return  # the program has ended


_AT_WORK: list[Aside] = []
"""Those whose threads may still be telling something: they are let go of here alone, on the window's thread."""
