"""How well `handrail scan` does on the shared flows and their labels, as the scorer beside them says.

Run as a program it prints one JSON object.
"""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]


def shared_data() -> Path:
    """Return where the shared data would be."""
    return Path(os.environ.get("TEST_SHARED_DATA") or ROOT.parent / "shared" / "data")


def score(data: Path) -> dict[str, Any] | None:
    """Return what the scorer prints; None where it is not on this machine."""
    scorer = data.parent / "tools" / "score_scan.py"
    if not scorer.is_file() or not (data / "labels").is_dir():
        return None
    command = f"{sys.executable} -m handrail.main scan {{flows}} --boundary {{boundary}} --format jsonl"
    done = subprocess.run(
        [sys.executable, str(scorer), str(data), "--command", command], capture_output=True, text=True, check=True
    )
    found: dict[str, Any] = json.loads(done.stdout)
    return found


if __name__ == "__main__":
    json.dump(score(shared_data()) or {"skipped": "the shared data and its scorer are not here"}, sys.stdout, indent=1)
    sys.stdout.write("\n")
