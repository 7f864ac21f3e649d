"""The SHA-256 of what passes by, reckoned beside the reading and writing, so that a medium need not wait for it."""

import hashlib
from collections import deque
from concurrent.futures import Future, ThreadPoolExecutor

WORTH_IT = 1 << 18  # smaller pieces are reckoned sooner than handed over
AHEAD = 4


class Digest:
    """A sum that grows. What is added must not change afterwards."""

    def __init__(self) -> None:
        self._hash, self._worker = hashlib.sha256(), ThreadPoolExecutor(1, "digest")
        self._waiting: deque[Future[None]] = deque()

    def update(self, chunk: bytes | memoryview) -> None:
        """Add a chunk; waits only when several are not reckoned yet, so that memory stays small."""
        while len(self._waiting) >= AHEAD:
            self._waiting.popleft().result()
        if self._waiting or len(chunk) >= WORTH_IT:
            self._waiting.append(self._worker.submit(self._hash.update, chunk))
        else:
            self._hash.update(chunk)

    def hexdigest(self) -> str:
        """Return the sum of all that was added."""
        while self._waiting:
            self._waiting.popleft().result()
        return self._hash.hexdigest()
