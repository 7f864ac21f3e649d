"""When Python looks for garbage: not while much is taken in, and never again through what a program has loaded."""

import gc
import subprocess
import sys

from app.domain.sweeping import no_sweeping


def test_nothing_is_looked_through_while_much_is_taken_in_and_it_goes_on_afterwards():
    with no_sweeping():
        assert not gc.isenabled()
        with no_sweeping():
            assert not gc.isenabled()
        assert not gc.isenabled()

    assert gc.isenabled()


def test_what_is_loaded_is_looked_through_once_and_what_comes_later_is_still_swept():
    told = subprocess.run([sys.executable, "-c", LOADED], capture_output=True, text=True, check=True).stdout.split()

    left, frozen, swept = map(int, told)
    assert left < 1_000 < frozen
    assert swept == 2


LOADED = """
import gc
from app.domain.sweeping import keep_loaded
gc.disable()
keep_loaded()
assert gc.isenabled()
print(len(gc.get_objects()), gc.get_freeze_count())
ring, other = [], []
ring.append(other), other.append(ring)
del ring, other
print(gc.collect())
"""
