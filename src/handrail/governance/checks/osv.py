"""Known weaknesses of Python packages: an imported OSV dump, kept as one small file, asked without a network.

The dump is what osv.dev publishes for PyPI: a zip or a folder with one JSON file a record. Of each record only what
decides about a version is kept.
"""

import gzip
import io
import json
import os
import re
import zipfile
import zlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from packaging.specifiers import InvalidSpecifier, SpecifierSet
from packaging.utils import canonicalize_name
from packaging.version import InvalidVersion, Version

from handrail.governance.checks.model import Finding, Fix, Severity
from handrail.governance.checks.registry import rule
from handrail.kernel.errors import Invalid
from handrail.language.importers.dependencies import Dependencies, Dependency

FILE_NAME: Final = "osv.json.gz"
STALE_AFTER: Final = timedelta(days=14)
RECORD_MAX: Final = 8 * 1024 * 1024
RECORDS_MAX: Final = 1_000_000
TOTAL_MAX: Final = 4 * 1024 * 1024 * 1024
INDEX_MAX: Final = 1024 * 1024 * 1024
_FORMAT: Final = 1
_ECOSYSTEM: Final = "pypi"
_ID: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9:._-]{1,79}")
_IDS_TOLD: Final = 5
_SEVERITIES: Final = ("", "low", "moderate", "high", "critical")
_BEGINNING: Final = "0"


class VulnerabilityDataInvalid(Invalid):
    """The dump or the stored index cannot be read."""

    code = "vulnerability_data_invalid"


@dataclass(frozen=True, slots=True)
class Record:
    """One weakness of one package.

    Attributes:
        id: As in the dump (`GHSA-...`, `PYSEC-...`).
        aliases: The same weakness elsewhere (`CVE-...`), sorted.
        versions: Versions that are named one by one.
        severity: `low`, `moderate`, `high` or `critical`; empty when the record doesn't say.
        ranges: For each range its events in order: (`introduced`, `fixed` or `last_affected`, version).
    """

    id: str
    aliases: tuple[str, ...] = ()
    versions: frozenset[str] = frozenset()
    ranges: tuple[tuple[tuple[str, str], ...], ...] = ()
    severity: str = ""

    def affects(self, version: str) -> bool:
        """Tell whether a version has the weakness."""
        if version in self.versions:
            return True
        at = _version(version)
        if at is None:
            return False
        if any(_version(each) == at for each in self.versions):
            return True
        return any(_inside(events, at) for events in self.ranges)

    @property
    def affects_all(self) -> bool:
        """Tell whether no version is without it."""
        return any(events == (("introduced", _BEGINNING),) for events in self.ranges)

    def fixed_after(self, version: str) -> str | None:
        """Return the first version after this one in which it is mended."""
        at = _version(version)
        after = [
            (parsed, each)
            for events in self.ranges
            for kind, each in events
            if kind == "fixed" and (parsed := _version(each)) is not None and at is not None and parsed > at
        ]
        return min(after)[1] if after else None


@dataclass(frozen=True, slots=True)
class Index:
    """Everything known, by normalised package name.

    Attributes:
        packages: Records by package.
        newest: When the newest record was changed; None when there is none.
        skipped: Files of the dump that were no records.
    """

    packages: Mapping[str, tuple[Record, ...]] = field(repr=False)
    newest: datetime | None = None
    skipped: int = 0

    def matches(self, dependency: Dependency) -> tuple[Record, ...]:
        """Return the weaknesses that a dependency has; one that isn't pinned, those of every version."""
        held = self.packages.get(dependency.name, ())
        if dependency.pinned is None:
            return tuple(each for each in held if each.affects_all)
        return tuple(each for each in held if each.affects(dependency.pinned))

    @property
    def records(self) -> int:
        """Return how many weaknesses are known; one of several packages counts once."""
        return len({each.id for held in self.packages.values() for each in held})

    def mended(self, name: str, *, after: str = "", within: str = "") -> str | None:
        """Return a version of a package that is known to mend something and has no known weakness itself.

        Args:
            name: Normalised.
            after: The first such version above this one; without it the newest.
            within: What is asked for, as a specifier.
        """
        held = self.packages.get(name, ())
        named = {each for record in held for events in record.ranges for kind, each in events if kind == "fixed"}
        versions = sorted({parsed for each in named if (parsed := _version(each)) is not None})
        low = _version(after) if after else None
        if after and low is None:
            return None
        allowed = _specifiers(within)
        fitting = (
            each
            for each in (versions if after else reversed(versions))
            if (low is None or each > low)
            and not (each.is_prerelease and not (low and low.is_prerelease))
            and (allowed is None or each in allowed)
            and not any(record.affects(str(each)) for record in held)
        )
        return next((str(each) for each in fitting), None)

    def is_stale(self, now: datetime) -> bool:
        """Tell whether the newest record is older than `STALE_AFTER`."""
        return self.newest is None or now - self.newest > STALE_AFTER


def check_dependencies(asked: Dependencies, index: Index | None, now: datetime) -> tuple[Finding, ...]:
    """Return findings about the packages that an app asks for.

    Args:
        asked: What a file lists.
        index: The imported data; None when there is none.
        now: With a time zone.
    """
    return tuple(_findings(asked, index, now))


def import_dump(paths: Iterable[Path], told: Callable[[int], None] = lambda _count: None) -> Index:
    """Read OSV records from zip archives, folders and files.

    Args:
        paths: Of the dump.
        told: Called with the number of files read so far.

    Raises:
        VulnerabilityDataInvalid: If a path cannot be read, or holds more than the limits.
    """
    packages: dict[str, dict[str, Record]] = defaultdict(dict)
    newest: datetime | None = None
    skipped = count = 0
    for path in paths:
        for data in _records(path):
            count += 1
            told(count)
            if count > RECORDS_MAX:
                raise VulnerabilityDataInvalid(f"The dump has more than {RECORDS_MAX:,} records.", place=path.name)
            try:
                document = json.loads(data)
            except (ValueError, RecursionError):
                document = None
            if not isinstance(document, dict) or not isinstance(document.get("id"), str):
                skipped += 1
                continue
            changed = _time(document.get("modified"))
            newest = max(filter(None, (newest, changed)), default=None)
            if not document.get("withdrawn"):
                for name, record in _read_record(document):
                    held = packages[name].get(record.id)
                    packages[name][record.id] = _merged(held, record) if held else record
    kept = {name: tuple(held[key] for key in sorted(held)) for name, held in sorted(packages.items())}
    return Index(kept, newest, skipped)


def to_bytes(index: Index) -> bytes:
    """Return an index as it is stored; the same index gives the same bytes."""
    document = {
        "format": _FORMAT,
        "newest": index.newest.isoformat() if index.newest else None,
        "packages": {
            name: [[each.id, each.aliases, sorted(each.versions), each.ranges, each.severity] for each in records]
            for name, records in sorted(index.packages.items())
        },
    }
    return gzip.compress(json.dumps(document, separators=(",", ":")).encode(), mtime=0)


def from_bytes(data: bytes) -> Index:
    """Read a stored index.

    Raises:
        VulnerabilityDataInvalid: If it is none of ours.
    """
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(data)) as file:
            text = file.read(INDEX_MAX + 1)
        if len(text) > INDEX_MAX:
            raise _unreadable()
        document = json.loads(text)
        if document["format"] != _FORMAT:
            raise _unreadable()
        packages = {
            name: tuple(
                Record(
                    key,
                    tuple(aliases),
                    frozenset(versions),
                    tuple(tuple((kind, version) for kind, version in each) for each in ranges),
                    severity,
                )
                for key, aliases, versions, ranges, severity in records
            )
            for name, records in document["packages"].items()
        }
        return Index(packages, _time(document["newest"]))
    except (OSError, EOFError, zlib.error, ValueError, KeyError, TypeError, AttributeError) as error:
        raise _unreadable() from error


def save_index(index: Index, path: Path) -> None:
    """Store an index in a file; the old one stays until the new one is whole.

    Raises:
        OSError: If it cannot be written.
    """
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    waiting = path.with_name(f"{path.name}.{os.getpid()}")
    try:
        waiting.write_bytes(to_bytes(index))
        waiting.replace(path)
    finally:
        waiting.unlink(missing_ok=True)


def load_index(path: Path) -> Index | None:
    """Return the stored index, None when there is no such file.

    Raises:
        VulnerabilityDataInvalid: If the file is damaged.
    """
    if not path.exists():
        return None
    try:
        return from_bytes(path.read_bytes())
    except OSError as error:
        raise _unreadable() from error


def _unreadable() -> VulnerabilityDataInvalid:
    return VulnerabilityDataInvalid(
        "The stored vulnerability data cannot be read.", fix="Import the dump again.", place=FILE_NAME
    )


def _findings(asked: Dependencies, index: Index | None, now: datetime) -> Iterator[Finding]:
    if asked.found and index is None:
        yield _finding(
            "vulnerability-data-missing", "No data about known weaknesses was imported: packages were not checked."
        )
    elif asked.found and index is not None and index.is_stale(now):
        day = index.newest.date().isoformat() if index.newest else "unknown"
        text = f"The newest record about known weaknesses is of {day}; later ones are not known here."
        yield _finding("vulnerability-data-stale", text, evidence={"newest": day})
    for each in asked.found:
        if each.pinned is None:
            how = "from an address" if each.specifier == "@" else f"in any version {each.specifier}".rstrip()
            evidence = {"package": each.name, "specifier": each.specifier}
            mended = index.mended(each.name, within=each.specifier) if index and each.specifier != "@" else None
            if mended:
                evidence["fixed"] = mended
            fix = Fix(f"Pin it, for example {each.name}=={mended}." if mended else rule("unpinned-dependency").help)
            text = f"{each.name} is taken {how}."
            yield _finding("unpinned-dependency", text, each.line, evidence=evidence, fix=fix)
        records = index.matches(each) if index else ()
        if index and records:
            yield _vulnerable(each, records, index)
    for other in asked.unresolved:
        what = {"file": f"the file {other.name!r}", "address": "an address or a folder"}.get(
            other.kind, "something unreadable"
        )
        text = f"Packages come from {what}, which was not checked."
        yield _finding("unpinned-dependency", text, other.line, evidence={"unresolved": other.kind})


def _vulnerable(dependency: Dependency, records: tuple[Record, ...], index: Index) -> Finding:
    ids = sorted({each.id for each in records})
    named = sorted({_told(each) for each in records})
    more = f" and {len(named) - _IDS_TOLD} more" if len(named) > _IDS_TOLD else ""
    fixed = index.mended(dependency.name, after=dependency.pinned) if dependency.pinned else None
    what = f"{dependency.name} {dependency.pinned}" if dependency.pinned else f"{dependency.name}, in every version,"
    return _finding(
        "vulnerable-dependency",
        f"{what} has known weaknesses: {', '.join(named[:_IDS_TOLD])}{more}.",
        dependency.line,
        severity="block" if _is_grave(records) else "warn",
        evidence={"package": dependency.name, "version": dependency.pinned, "ids": ids, "fixed": fixed},
        fix=Fix(
            f"Use {dependency.name} {fixed} or newer."
            if fixed
            else f"No version mends it: do without {dependency.name}."
        ),
    )


def _told(record: Record) -> str:
    return next((each for each in record.aliases if each.startswith("CVE-")), record.id)


def _finding(
    rule_id: str,
    text: str,
    line: int = 0,
    *,
    severity: Severity | None = None,
    evidence: Mapping[str, Any] | None = None,
    fix: Fix | None = None,
) -> Finding:
    held = rule(rule_id)
    severity = severity or held.severity
    fix = fix or Fix(held.help)
    return Finding(rule_id, severity, text, line=line, refs=held.refs, evidence=evidence or {}, fix=fix)


def _records(path: Path) -> Iterator[bytes]:
    try:
        if path.is_dir():
            for each in sorted(path.rglob("*.json")):
                if each.is_file() and each.stat().st_size <= RECORD_MAX:
                    yield each.read_bytes()
        elif zipfile.is_zipfile(path):
            yield from _zipped(path)
        else:
            yield path.read_bytes()
    except (OSError, zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError) as error:
        raise VulnerabilityDataInvalid(
            "The vulnerability data cannot be read.", fix="Download the dump again.", place=path.name
        ) from error


def _zipped(path: Path) -> Iterator[bytes]:
    total = 0
    with zipfile.ZipFile(path) as archive:
        for each in archive.infolist():
            if each.filename.endswith(".json") and each.file_size <= RECORD_MAX:
                with archive.open(each) as file:
                    data = file.read(RECORD_MAX + 1)
                total += len(data)
                if total > TOTAL_MAX:
                    raise VulnerabilityDataInvalid(f"The dump holds more than {TOTAL_MAX:,} bytes.", place=path.name)
                yield data


def _read_record(document: Mapping[str, Any]) -> Iterator[tuple[str, Record]]:
    key = document["id"]
    listed = document.get("affected")
    aliases = tuple(sorted({each for each in _texts(document.get("aliases")) if _ID.fullmatch(each)}))
    if not _ID.fullmatch(key) or not isinstance(listed, list):
        return
    for affected in listed:
        held = affected if isinstance(affected, dict) else {}
        (package,) = _objects([held.get("package")]) or [{}]
        name, ecosystem = package.get("name"), package.get("ecosystem")
        if isinstance(name, str) and isinstance(ecosystem, str) and ecosystem.partition(":")[0].lower() == _ECOSYSTEM:
            ranges = tuple(filter(None, map(_events, _objects(held.get("ranges")))))
            versions = frozenset(_texts(held.get("versions")))
            yield canonicalize_name(name), Record(key, aliases, versions, ranges, _severity(document))


def _events(held: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    """Return a range's events in order, nothing when one of them cannot be compared."""
    if held.get("type") not in {"ECOSYSTEM", "SEMVER"}:
        return ()
    events = [
        (kind, each[kind])
        for each in _objects(held.get("events"))
        for kind in ("introduced", "fixed", "last_affected")
        if isinstance(each.get(kind), str)
    ]
    keyed = [(_version(version), kind != "introduced", kind, version) for kind, version in events]
    if any(at is None for at, *_ in keyed):
        return ()
    return tuple((kind, version) for _at, _later, kind, version in sorted(keyed, key=lambda each: each[:2]))


def _inside(events: tuple[tuple[str, str], ...], at: Version) -> bool:
    inside = False
    for kind, text in events:
        version = _version(text) or Version("0")
        if kind == "introduced" and (text == _BEGINNING or at >= version):
            inside = True
        elif (kind == "fixed" and at >= version) or (kind == "last_affected" and at > version):
            inside = False
    return inside


def _merged(one: Record, other: Record) -> Record:
    ranges = tuple(dict.fromkeys((*one.ranges, *other.ranges)))
    return Record(one.id, one.aliases, one.versions | other.versions, ranges, one.severity or other.severity)


def _severity(document: Mapping[str, Any]) -> str:
    own = document.get("database_specific")
    word = own.get("severity") if isinstance(own, dict) else None
    return word.lower() if isinstance(word, str) and word.lower() in _SEVERITIES else ""


def _is_grave(records: tuple[Record, ...]) -> bool:
    """Tell whether one is high or critical, or nobody says; records of one weakness share what one says."""
    said: dict[str, str] = {}
    for each in records:
        for name in (each.id, *each.aliases):
            said[name] = max(said.get(name, ""), each.severity, key=_SEVERITIES.index)
    worst = [max((said[name] for name in (each.id, *each.aliases)), key=_SEVERITIES.index) for each in records]
    return any(each in {"", "high", "critical"} for each in worst)


def _specifiers(text: str) -> SpecifierSet | None:
    try:
        return SpecifierSet(text) if text else None
    except InvalidSpecifier:
        return SpecifierSet("<0")


def _version(text: str) -> Version | None:
    try:
        return Version(text) if len(text) <= 100 else None
    except InvalidVersion:
        return None


def _time(value: Any) -> datetime | None:
    try:
        moment = datetime.fromisoformat(value)
    except (TypeError, ValueError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _texts(value: Any) -> list[str]:
    return [each for each in value if isinstance(each, str)] if isinstance(value, list) else []


def _objects(value: Any) -> list[Mapping[str, Any]]:
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []
