"""Whatever is done to a file, the whole engine reads it or refuses it, within bounds and without its secrets.

The rig runs for as long as somebody wants: `python -m tests.rigs.fuzz_definitions --minutes 10 --seed 7`.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

from tests.rigs.fuzz_definitions import Tally, run
from tests.rigs.mutants import own_samples, shared_samples

ROOT = Path(__file__).parents[2]


def _holds(tally: Tally) -> None:
    assert not tally.failures, json.dumps(tally.failures, indent=1)
    # A shared machine is slow now and then; what is slow for its size, again and again, is no accident.
    assert len(tally.slow) <= 2, tally.slow


def test_mutants_of_our_own_samples() -> None:
    tally = run(own_samples(), seed=4, count=49)
    assert len(tally.mutants) == 7
    assert tally.read
    assert tally.errors
    _holds(tally)


def test_mutants_of_real_flows(shared_data: Path) -> None:
    tally = run(shared_samples(shared_data / "flows"), seed=5, count=80)
    assert len(tally.mutants) == 4
    _holds(tally)


def test_every_process_finds_the_same() -> None:
    command = [sys.executable, "-m", "tests.rigs.fuzz_definitions", "--own", "--count", "14", "--seed", "6"]
    digests = set()
    for hashing in ("1", "2"):
        environment = {**os.environ, "PYTHONHASHSEED": hashing}
        done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT, env=environment)
        digests.add(json.loads(done.stdout)["digest"])
    assert len(digests) == 1
