"""Puts mutants of real flows through the whole engine and says what does not hold.

Run as a program (`python -m tests.rigs.fuzz_definitions --minutes 10 --seed 1`) it prints one JSON object; a mutant that
failed is made again with `--only NUMBER` and the same seed.
"""

import argparse
import hashlib
import json
import signal
import sys
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path, PurePath
from typing import Any

import orjson
from tests.rigs.mutants import Mutant, Sample, mutants, own_samples, shared_samples
from tests.rigs.score import shared_data

from handrail.governance.checks import FileReport, check, check_file, keyed, mend, verified
from handrail.governance.checks.json_patch import resolve
from handrail.governance.checks.reports import error_row, finding_row, junit, sarif, scan_row, shown
from handrail.kernel.errors import HandrailError, Invalid
from handrail.language.classify import redact_values
from handrail.language.estates import Member, part_from_json, part_of, part_to_json, survey
from handrail.language.importers import (
    Definition,
    definition_of_source,
    draft_app,
    is_archive,
    open_archive,
    parts,
    read_artefact,
)
from handrail.language.importers.positions import exactly
from handrail.language.leaks import default_boundary

BOUNDARY = default_boundary()
WATCHDOG = 30.0
"""Seconds of CPU after which one step is given up."""

SLOW_AT = 0.4
SLOW_PER_BYTE = 8e-6
"""A step is slow above `SLOW_AT` seconds and this much for each byte; real flows need 2e-7."""

_NOWHERE = object()


class Hanging(BaseException):
    """The watchdog barked. No `except Exception` may swallow it."""


class Broken(AssertionError):
    """Something that has to hold does not."""


@dataclass
class Tally:
    """What a run saw.

    Attributes:
        failures: By what went wrong: how often, the first number that shows it, and in words.
        slow: Steps that took long for their size: (seconds, seconds per kilobyte, step, bytes, number).
        digest: Over everything that was found: the same in every process.
    """

    mutants: Counter[str] = field(default_factory=Counter)
    bytes: int = 0
    read: Counter[str] = field(default_factory=Counter)
    errors: Counter[str] = field(default_factory=Counter)
    rules: Counter[str] = field(default_factory=Counter)
    ways: Counter[str] = field(default_factory=Counter)
    failures: dict[str, dict[str, Any]] = field(default_factory=dict)
    slow: list[tuple[float, float, str, int, int]] = field(default_factory=list)
    slowest: list[tuple[float, str, int, int]] = field(default_factory=list)
    digest: Any = field(default_factory=hashlib.sha256)

    def fail(self, kind: str, number: int, mutant: Mutant, said: str) -> None:
        held = self.failures.setdefault(
            kind, {"count": 0, "only": number, "sample": mutant.sample, "way": list(mutant.way), "said": said[:1_500]}
        )
        held["count"] += 1

    def summary(self) -> dict[str, Any]:
        return {
            "mutants": sum(self.mutants.values()),
            "by_platform": dict(sorted(self.mutants.items())),
            "bytes": self.bytes,
            "cpu_seconds": round(time.process_time()),
            "definitions": dict(sorted(self.read.items())),
            "errors": dict(sorted(self.errors.items())),
            "findings": dict(self.rules.most_common()),
            "ways": dict(sorted(self.ways.items())),
            "slow": len(self.slow),
            "slow_worst": sorted(self.slow, reverse=True)[:12],
            "slowest": sorted(self.slowest, reverse=True)[:8],
            "failures": self.failures,
            "digest": self.digest.hexdigest()[:16],
        }


@contextmanager
def watched(seconds: float) -> Iterator[None]:
    """Raise `Hanging` once the block has used this much CPU."""

    def bark(_number: int, _frame: Any) -> None:
        raise Hanging

    before = signal.signal(signal.SIGPROF, bark)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


class Examination:
    """One mutant on its way through the engine."""

    def __init__(self, tally: Tally, number: int, mutant: Mutant, *, deep: bool) -> None:
        self.tally = tally
        self.number = number
        self.mutant = mutant
        self.deep = deep
        self.said: list[Any] = []

    def run(self) -> None:
        tally, mutant = self.tally, self.mutant
        tally.mutants[mutant.platform] += 1
        tally.bytes += len(mutant.data)
        tally.ways.update(mutant.way)
        for name, data in self._files():
            self._file(name, data)
        tally.digest.update(json.dumps(self.said, sort_keys=True, default=str).encode("utf-8", "surrogatepass"))

    def _step(self, what: str, size: int, act: Callable[[], Any]) -> Any:
        """Do one thing; return None where it failed."""
        begin = time.process_time()
        try:
            with watched(WATCHDOG):
                return act()
        except Hanging:
            frames = traceback.extract_tb(sys.exc_info()[2])
            self.tally.fail(f"{what}: hangs in {_where(frames)}", self.number, self.mutant, _way(frames))
        except Broken as error:
            self.tally.fail(f"{what}: {str(error).partition(' | ')[0]}", self.number, self.mutant, str(error))
        except Exception as error:  # noqa: BLE001 - whatever it was, it should not have been
            frames = traceback.extract_tb(error.__traceback__)
            self.tally.fail(
                f"{what}: {type(error).__name__} in {_where(frames)}",
                self.number,
                self.mutant,
                f"{error!r} {_way(frames)}",
            )
        finally:
            took = time.process_time() - begin
            if took > SLOW_AT + SLOW_PER_BYTE * size:
                self.tally.slow.append((round(took, 2), round(took / max(size, 1) * 1024, 4), what, size, self.number))
            if took > 0.1:
                self.tally.slowest = sorted([*self.tally.slowest, (round(took, 2), what, size, self.number)])[-20:]
        return None

    def _files(self) -> list[tuple[str, bytes]]:
        name, data = self.mutant.name, self.mutant.data
        if not is_archive(data):
            return [(name, data)]

        def read() -> list[tuple[str, bytes]]:
            try:
                return list(open_archive(data, name))
            except HandrailError as error:
                self._refusal(error)
                return []

        return self._step("archive", len(data), read) or []

    def _refusal(self, error: HandrailError) -> None:
        self.tally.errors[error.code] += 1
        if not isinstance(error, Invalid):
            raise Broken(f"refused with {type(error).__name__}")
        if not error.place:
            raise Broken(f"{error.code} has no place | {error.message}")
        self._discreet("a refusal", [error.message, error.fix, error.place, error.details])
        self.said.append([error.code, error.message, error.place])

    def _discreet(self, what: str, said: Any) -> None:
        text = said if isinstance(said, str) else repr(said)
        for canary in self.mutant.canaries:
            if canary in text:
                at = text.index(canary)
                raise Broken(f"a secret in {what} | {text[max(0, at - 120) : at + 60]!r}")

    def _file(self, name: str, data: bytes) -> None:
        size = len(data)
        report: FileReport | None = self._step("check", size, lambda: check_file(data, name, BOUNDARY))
        if report is None:
            return
        self._step("report", size, lambda: self._report(report))
        self._step("output", size, lambda: self._output(name, data, report))
        self._step("artefact", size, lambda: self._artefact(name, data))
        for checked in report.checked[:20]:
            self._step("places", size, lambda checked=checked: self._places(checked.definition, data))
        if self.deep:
            self._step("again", size, lambda: self._again(name, data, report))
            self._step("redact", size, lambda: self._redact(report))
            self._step("estate", size, lambda: self._estate(report))
            self._step("fix", size, lambda: self._fix(name, data, report))

    def _report(self, report: FileReport) -> None:
        if report.error is not None:
            said = report.error.evidence
            self.tally.errors[str(said["code"])] += 1
            if not said["place"]:
                raise Broken(f"{said['code']} has no place | {report.error.text}")
            if len(report.error.text) > 600:
                raise Broken(f"{said['code']} says too much")
        for checked in report.checked:
            self.tally.read[checked.definition.platform] += 1
        for finding in report.findings:
            self.tally.rules[finding.rule] += 1
            if finding.rule == "check-failed" and not finding.evidence.get("limit"):
                raise Broken(f"the check {finding.evidence['check']} failed")
        self._discreet("a finding", [[(f.text, f.why, f.step, f.pointer, f.evidence, f.fix) for f in report.findings]])
        for checked in report.checked:
            document = checked.definition.document
            for finding in checked.findings:
                if finding.pointer and resolve(document, finding.pointer, _NOWHERE) is _NOWHERE:
                    raise Broken(f"a finding of {finding.rule} points nowhere | {finding.pointer}")
                if finding.step and checked.definition.graph.step(finding.step) is None:
                    raise Broken(f"a finding of {finding.rule} names a step that isn't there | {finding.step!r}")
            self.said += [(f.rule, f.severity, f.step, f.pointer, f.text, dict(f.evidence)) for f in checked.findings]

    def _output(self, name: str, data: bytes, report: FileReport) -> None:
        held = shown(data, report)
        self._discreet("the text that is shown", held.text)
        excerpts = [held.excerpt(each) for each in report.findings]
        self._discreet("excerpts", excerpts)
        rows = [scan_row(name, checked) for checked in report.checked] or [error_row(name, report.error)]
        self._discreet("a row of the scan", json.dumps(rows))
        for row in rows:
            orjson.dumps(row, option=orjson.OPT_PASSTHROUGH_SUBCLASS)
        for checked in report.checked:
            for key, finding in keyed(checked.findings, checked.definition.graph.steps):
                json.dumps(finding_row(name, checked.definition.index, key, finding), ensure_ascii=False).encode()
        self._discreet("SARIF", json.dumps(sarif([(name, report, held)], version="0", engine="0"), indent=2))
        self._discreet("JUnit", junit([(name, report, held)], frozenset({"block"})).encode().decode())

    def _places(self, definition: Definition, data: bytes) -> None:
        document = definition.document
        self._discreet(
            "a definition", [document, definition.text, definition.graph, definition.findings, definition.name]
        )
        if document is None:
            return
        pointers = {definition.pointer}
        for step in definition.graph.steps:
            pointers |= {step.pointer, *(f"{step.pointer}{held.field}" for held in step.inputs)}
        pointers |= {each.pointer for each in (*definition.secrets, *definition.findings)}
        pointers.discard("")
        lost = sorted(each for each in pointers if resolve(document, each, _NOWHERE) is _NOWHERE)
        if lost:
            raise Broken(f"a place in no document | {lost[:5]}")
        if not definition.file.endswith((".yaml", ".yml")):
            missing = sorted(each for each, there in exactly(data.decode("utf-8-sig"), pointers).items() if not there)
            if missing:
                raise Broken(f"a place that is not found in the text | {missing[:5]}")

    def _artefact(self, name: str, data: bytes) -> None:
        try:
            chosen = parts(data, name)
            artefact = read_artefact(data, name, part=chosen[0].id if len(chosen) > 1 else None)
        except HandrailError as error:
            self._refusal(error)
            return
        self._discreet("an artefact", [artefact.source, artefact.findings, artefact.unresolved, artefact.name])
        self.said.append(artefact.source_digest)
        draft_app(artefact)
        again = definition_of_source(artefact.platform, artefact.name, artefact.source)
        found = check(again, BOUNDARY)
        for finding in found:
            if finding.rule == "check-failed" and not finding.evidence.get("limit"):
                raise Broken(f"the check {finding.evidence['check']} failed on a stored form")
            if finding.pointer and resolve(again.document, finding.pointer, _NOWHERE) is _NOWHERE:
                raise Broken(f"a finding of {finding.rule} points nowhere in a stored form | {finding.pointer}")

    def _again(self, name: str, data: bytes, report: FileReport) -> None:
        if check_file(data, name, BOUNDARY) != report:
            raise Broken("the same file gives something else the second time")

    def _redact(self, report: FileReport) -> None:
        for checked in report.checked[:3]:
            once = redact_values(checked.definition.document)
            self._discreet("redacted values", once)
            if redact_values(once) != once:
                raise Broken("redacting twice changes something")

    def _estate(self, report: FileReport) -> None:
        members = []
        for number, checked in enumerate(report.checked[:20]):
            part = part_of(checked.definition.graph, checked.leaks, BOUNDARY, names=[checked.definition.name])
            stored = json.loads(json.dumps(part_to_json(part)))
            if part_from_json(stored) != part:
                raise Broken("a part of the estate that is not read as it was written")
            members += [
                Member(f"{number}{twin}", checked.definition.name, checked.definition.platform, part) for twin in "ab"
            ]
        self._discreet("the estate", survey(members))

    def _fix(self, name: str, data: bytes, report: FileReport) -> None:
        tried = verified(data, name, BOUNDARY, report)
        self._discreet("fixes", [each.fix for each in tried.findings])
        if any(each.fix is None for each in tried.findings):
            raise Broken("a finding without a fix")
        mended = mend(data, name, BOUNDARY, report=report)
        if check_file(mended.data, name, BOUNDARY) != mended.report:
            raise Broken("a mended file is not what its report says")


def _where(frames: Any) -> str:
    ours = [each for each in frames if "handrail" in each.filename and "rigs" not in each.filename]
    return f"{PurePath(ours[-1].filename).name}:{ours[-1].name}" if ours else "the rig"


def _way(frames: Any) -> str:
    return " > ".join(f"{PurePath(each.filename).name}:{each.lineno}" for each in list(frames)[-14:])


def examine(tally: Tally, number: int, mutant: Mutant, *, deep: bool = True) -> None:
    """Put one mutant through everything; what does not hold is in the tally."""
    try:
        Examination(tally, number, mutant, deep=deep).run()
    except Hanging:
        tally.fail("hangs between steps", number, mutant, "")


def every_sample() -> list[Sample]:
    """Return the samples of this repository, and the shared flows where they are."""
    return own_samples() + shared_samples(shared_data() / "flows")


def run(
    samples: list[Sample], seed: int, *, minutes: float = 0.0, count: int | None = None, start: int = 0, share: int = 3
) -> Tally:
    """Examine mutants until one of the bounds is met; every `share`-th goes through fixes and the estate too."""
    tally = Tally()
    end = time.monotonic() + 60 * minutes if minutes else None
    for number, mutant in islice(mutants(samples, seed, start), count):
        if end and time.monotonic() > end:
            break
        examine(tally, number, mutant, deep=number // 7 % share == 0)
    return tally


def main() -> int:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--minutes", type=float, default=0.0)
    asked.add_argument("--count", type=int)
    asked.add_argument("--seed", type=int, default=1)
    asked.add_argument("--start", type=int, default=0)
    asked.add_argument("--share", type=int, default=3)
    asked.add_argument("--only", type=int, help="examine this mutant alone")
    asked.add_argument("--save", type=Path, help="write the mutant that --only names here")
    asked.add_argument("--own", action="store_true", help="without the shared flows")
    given = asked.parse_args()
    samples = own_samples() if given.own else every_sample()
    if given.only is not None:
        number, mutant = next(mutants(samples, given.seed, given.only))
        if given.save:
            given.save.write_bytes(mutant.data)
        print(mutant.sample, mutant.name, len(mutant.data), list(mutant.way))
        tally = Tally()
        examine(tally, number, mutant)
    else:
        minutes = given.minutes or (0.0 if given.count else 1.0)
        tally = run(samples, given.seed, minutes=minutes, count=given.count, start=given.start, share=given.share)
    print(json.dumps(tally.summary(), indent=1, default=str))
    return int(bool(tally.failures))


if __name__ == "__main__":
    sys.exit(main())
