"""The real flows, read and checked once, and what share of them is understood.

Run as a program it prints the figures; its last line is one JSON object.
"""

import json
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.rigs.score import shared_data

from handrail.governance.checks import FileReport, check_file
from handrail.language.importers import load_pack
from handrail.language.importers.positions import exactly
from handrail.language.leaks import default_boundary

_BUILT_IN = {"logic", "code", "config", "subflow", "comment", "http", "trigger"}


@dataclass(frozen=True)
class Read:
    """One file of the corpus that holds a flow."""

    name: str
    data: bytes
    report: FileReport


def read_corpus(folder: Path) -> list[Read]:
    """Return every flow under a folder; files that are none are left out."""
    result = []
    for path in sorted(folder.glob("*/*.json")):
        data = path.read_bytes()
        name = str(path.relative_to(folder))
        report = check_file(data, name, default_boundary())
        if report.error is None or report.error.evidence["code"] != "artefact_unknown":
            result.append(Read(name, data, report))
    return result


def measure(corpus: list[Read]) -> dict[str, Any]:
    """Return what share of steps, references and places is resolved, and what is not, most frequent first."""
    steps: Counter[tuple[str, bool]] = Counter()
    unresolved: Counter[str] = Counter()
    references: Counter[bool] = Counter()
    lost: Counter[str] = Counter()
    places: Counter[bool] = Counter()
    for each in corpus:
        for checked in each.report.checked:
            graph = checked.definition.graph
            reading = {(edge.target, edge.source) for edge in graph.data}
            for step in graph.steps:
                if step.kind != "comment":
                    packed = load_pack(graph.platform).find(step.type) is not None
                    known = bool(step.operation) if step.connector else packed or step.kind in _BUILT_IN
                    steps[graph.platform, known] += 1
                    if not known:
                        unresolved[f"{graph.platform}: {step.type} ({step.connector or 'no system'})"] += 1
                for reference in {ref for held in step.inputs for ref in held.references if ref.kind == "step"}:
                    joined = (step.id, reference.name) in reading
                    references[joined] += 1
                    if not joined:
                        lost["a step that isn't there" if not reference.resolved else f"{graph.platform}: no edge"] += 1
        text = each.data.decode("utf-8-sig")
        pointers = {finding.pointer for finding in each.report.findings if finding.pointer}
        places.update(exactly(text, pointers).values())
    return {
        "steps_resolved": {
            platform: round(steps[platform, True] / (steps[platform, True] + steps[platform, False]), 4)
            for platform in sorted({platform for platform, _ in steps})
        },
        "references_joined": round(references[True] / max(1, sum(references.values())), 4),
        "positions_exact": round(places[True] / max(1, sum(places.values())), 4),
        "definitions": sum(len(each.report.checked) for each in corpus),
        "unresolved": unresolved.most_common(15),
        "lost_references": lost.most_common(5),
    }


def main() -> int:
    folder = shared_data() / "flows"
    if not folder.is_dir():
        print(json.dumps({"skipped": "the shared data is not here"}))
        return 0
    figures = measure(read_corpus(folder))
    for name, count in figures["unresolved"]:
        print(f"{count:>6}  {name}")
    print(json.dumps(figures))
    return 0


if __name__ == "__main__":
    sys.exit(main())
