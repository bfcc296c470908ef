"""How much reading and checking flows costs: definitions per CPU second, and as a multiple of only parsing their JSON.

Every file is read, redacted, made a graph, followed for leaks and checked by every rule, as `handrail scan` does, in
this process, and its row is made. Beside it the same bytes are parsed by orjson and thrown away. Both in turn, on the
same files; of each the least CPU time of all rounds counts, because everything above it is what else the machine does.
"""

import argparse
import json
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).parents[1]

import orjson  # noqa: E402

from handrail.governance.checks import check_file  # noqa: E402
from handrail.governance.checks.reports import scan_row  # noqa: E402
from handrail.language.leaks import default_boundary  # noqa: E402

GOAL_PER_CPU_S = 150.0


def corpus(folder: Path, files: int) -> list[tuple[str, bytes]]:
    """Return the files of a folder by name, or our own small flows where it is missing."""
    found = sorted(folder.glob("*/*.json")) or [
        path
        for part in ("importers", "checks")
        for path in sorted((ROOT / "tests" / "golden" / part).glob("*.json"))
        if ".out." not in path.name
    ]
    return [(path.name, path.read_bytes()) for path in found[:files]]


def least(rounds: int, work: Callable[[], int]) -> tuple[float, int]:
    """Return the least CPU seconds of several rounds, and what the work says of its last one."""
    spent, said = [], 0
    for _ in range(rounds):
        start = time.process_time()
        said = work()
        spent.append(time.process_time() - start)
    return min(spent), said


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument(
        "--folder",
        type=Path,
        default=Path(os.environ.get("TEST_SHARED_DATA") or ROOT.parent / "shared" / "data") / "flows",
    )
    parser.add_argument("--files", type=int, default=100_000, help="at most")
    parser.add_argument("--rounds", type=int, default=3)
    arguments = parser.parse_args()
    files = corpus(arguments.folder, arguments.files)
    boundary = default_boundary()

    def scan() -> int:
        count = 0
        for name, data in files:
            for checked in check_file(data, name, boundary).checked:
                orjson.dumps(scan_row(name, checked))
                count += 1
        return count

    def parse() -> int:
        for _, data in files:
            try:
                orjson.loads(data)
            except orjson.JSONDecodeError:
                continue
        return len(files)

    # Tables and patterns are read once per process; a round pays for flows only.
    for name, data in files[:3]:
        check_file(data, name, boundary)
    size = sum(len(data) for _, data in files)
    scanned, definitions = least(arguments.rounds, scan)
    parsed, _ = least(max(arguments.rounds, 3), parse)
    print(f"{len(files)} files of {size / 1e6:.1f} MB hold {definitions} definitions; load {os.getloadavg()[0]:.1f}")
    print(f"scanned in {scanned:.2f} CPU seconds ({size / scanned / 1e6:.1f} MB/s), parsed in {parsed * 1000:.0f} ms")
    rate = definitions / scanned
    print(json.dumps({"definitions_per_cpu_s": round(rate, 1), "ratio_to_json": round(scanned / parsed, 1)}))
    return int(rate < GOAL_PER_CPU_S)


if __name__ == "__main__":
    sys.exit(main())
