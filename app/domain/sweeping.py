"""When Python looks for rings of garbage, and when it had better not."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def no_sweeping() -> Iterator[None]:
    """Keep Python from looking for rings of garbage: tens of thousands of ops make it look again and again, each time
    through everything a window holds, and none of them is ever part of one."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
