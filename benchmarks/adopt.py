"""Adopt a large estate with real processes: memory of both sides, flows per CPU second, the same again, the overview.

    python benchmarks/adopt.py --flows 20000

The flows are the real ones repeated with changes where the shared data is present, else made-up ones. The last line of
the output is JSON; sizes are in MiB, times in seconds.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from itertools import cycle, islice
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

import psutil  # noqa: E402
from tests.rigs.estates import payout_export, plain, sheet_to_slack  # noqa: E402
from tests.rigs.processes import handrail  # noqa: E402
from tests.rigs.serving import TEAM, Serving  # noqa: E402


def changed(content: bytes, copy: int) -> bytes:
    """Return a flow that differs from the others made of the same one: another name."""
    try:
        document = json.loads(content)
    except ValueError:
        return content + b" " * copy
    if isinstance(document, dict) and isinstance(document.get("name"), str):
        document["name"] += f" {copy}"
    elif isinstance(document, list) and document and isinstance(document[0], dict):
        document[0]["label"] = f"{document[0].get('label') or 'flow'} {copy}"
    else:
        return content + b" " * copy
    return json.dumps(document).encode()


def made_up(number: int) -> bytes:
    kinds = (lambda: plain(number), payout_export, lambda: sheet_to_slack(f"copy-{number}"))
    return changed(kinds[number % 3](), number)


def write_estate(folder: Path, flows: int) -> bool:
    """Write that many flows; return whether they are made of real ones."""
    data = Path(os.environ.get("TEST_SHARED_DATA") or ROOT.parent / "shared" / "data") / "flows"
    real = sorted(path for path in data.rglob("*.json") if path.is_file()) if data.is_dir() else []
    for number, path in enumerate(islice(cycle(real or [Path()]), flows)):
        target = folder / f"{number // 500:03}" / f"{number:05}.json"
        target.parent.mkdir(parents=True, exist_ok=True)
        copy = number // len(real) if real else number
        target.write_bytes(changed(path.read_bytes(), copy) if real else made_up(number))
    return bool(real)


def run(serving: Serving, folder: Path) -> dict[str, Any]:
    """Adopt the folder once; return what it took."""
    server = psutil.Process(serving.program.pid)
    before = server.cpu_times()
    begun = time.monotonic()
    command = subprocess.Popen(
        handrail("adopt", str(folder), "--team", TEAM, "-o", "json"),
        env=serving.environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    output = command.stdout.read()
    _, status, used = os.wait4(command.pid, 0)
    assert os.waitstatus_to_exitcode(status) == 0, output
    after = server.cpu_times()
    return {
        "answer": json.loads(output),
        "wall_s": round(time.monotonic() - begun, 1),
        "client_cpu_s": round(used.ru_utime + used.ru_stime, 1),
        "client_peak_mib": round(used.ru_maxrss / 1024),
        "server_cpu_s": round(after.user + after.system - before.user - before.system, 1),
    }


def peak_mib(serving: Serving) -> int:
    status = Path(f"/proc/{serving.program.pid}/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0]) // 1024


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--flows", type=int, default=20_000)
    flows = asked.parse_args().flows
    with tempfile.TemporaryDirectory(prefix="hr-adopt-") as place:
        folder = Path(place) / "flows"
        real = write_estate(folder, flows)
        print(f"{flows} flows, {'real ones repeated with changes' if real else 'made up'}", file=sys.stderr)
        with Serving(Path(place) / "install") as serving:
            first = run(serving, folder)
            adopted_mib = peak_mib(serving)
            begun = time.monotonic()
            seen = serving.api("GET", "/api/v1/estate")
            overview_s = time.monotonic() - begun
            begun = time.monotonic()
            serving.api("GET", "/api/v1/estate/definitions", limit="50")
            list_s = time.monotonic() - begun
            again = run(serving, folder)
            assert again["answer"]["sent"] == 0, again["answer"]
            database = serving.home / "handrail.db"
            print(
                json.dumps(
                    {
                        "flows": flows,
                        "real": int(real),
                        "definitions": seen["found"],
                        "flows_per_cpu_s": round(flows / (first["server_cpu_s"] + first["client_cpu_s"]), 1),
                        "wall_s": first["wall_s"],
                        "server_cpu_s": first["server_cpu_s"],
                        "client_cpu_s": first["client_cpu_s"],
                        "client_peak_mib": first["client_peak_mib"],
                        "server_peak_mib_adopting": adopted_mib,
                        "server_peak_mib": peak_mib(serving),
                        "again_wall_s": again["wall_s"],
                        "again_cpu_s": round(again["server_cpu_s"] + again["client_cpu_s"], 1),
                        "overview_s": round(overview_s, 2),
                        "list_s": round(list_s, 3),
                        "database_mib": round(database.stat().st_size / 2**20),
                    }
                )
            )


if __name__ == "__main__":
    main()
