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


def keep_loaded() -> None:
    """Look once for garbage and from now on through nothing of what is there: a whole program takes 0.1 s to look
    through, in which nobody is answered and no key is heard."""
    gc.collect()
    gc.freeze()
    gc.enable()
