"""A county works through histories with every fault a seed draws; nothing is lost, and all come to the same.

YUANBA_HISTORIES tells how many, YUANBA_SEED where to begin; the message of a failure has the seed that runs it again.
"""

import os

import pytest

from ui.office_simulate import simulate

HISTORIES = int(os.environ.get("YUANBA_HISTORIES", "200"))
SEED = int(os.environ.get("YUANBA_SEED", "1"))
RUNS = 8
"""Into how many tests they are parted, so that each core has something to do."""


@pytest.mark.parametrize("run", range(RUNS))
def test_whatever_happens_to_sticks_laptops_and_clocks_nothing_is_lost_and_all_come_to_the_same(run):
    first, last = (SEED + HISTORIES * number // RUNS for number in (run, run + 1))

    broken = simulate(first, last - first)

    assert [(ran.seed, ran.steps, ran.law, ran.said) for ran in broken] == []


def test_a_seed_runs_the_same_history_again():
    def traces():
        told = []
        from ui.office_simulate import _yard, found_county, run_history

        with _yard(None) as yard:
            county = found_county(yard / "county")
            for seed in ("5", "6"):
                told.append(run_history(county, yard / seed, seed, 20).trace)
        return told

    assert traces() == traces()
