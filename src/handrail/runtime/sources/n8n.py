"""n8n's public REST API: every workflow, and which version of it is published."""

import json
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final
from urllib.parse import quote

from handrail.kernel.clock import SECOND
from handrail.kernel.secret import Secret
from handrail.runtime.sources.answers import Asker
from handrail.runtime.sources.errors import TooMuch, Unreadable
from handrail.runtime.sources.model import FILES_MAX, File, Instance, Reading

DEADLINE_S: Final = 40.0
PAGE: Final = 100
PAGE_SMALL: Final = 10
PAGE_BYTES: Final = 32 * 1024 * 1024
_TOTAL_BYTES: Final = 256 * 1024 * 1024
_TEXT_MAX: Final = 200
_UNKEPT: Final = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff]")
_WHAT: Final = "n8n public API"
# What the API adds and an export does not hold stays out, so that both are one version.
_EXPORTED: Final = ("id", "name", "active", "nodes", "connections", "settings", "pinData", "meta", "tags", "versionId")


def read_n8n(
    instance: Instance,
    credential: Secret | None,
    known: Mapping[str, str] | None = None,
    *,
    deadline_s: float = DEADLINE_S,
) -> Reading:
    """Return every workflow of an n8n that the API key may see, as one file each.

    What counts is what runs: the published version where n8n has one (`activeVersion`), else the saved one. A file's
    version is that version's id with the time of the last change, because settings change without a new id. Archived
    workflows do not run and are left out.

    Args:
        instance: What to ask.
        credential: An API key that may list and read workflows.
        known: Versions by file that need not be handed on again.
        deadline_s: How long all pages together may take, in seconds.

    Raises:
        Unreachable: If nothing answers in time, it asks for quiet, or its address may not be called.
        Unauthorised: If it refuses the key.
        Unreadable: If an answer is not as documented, or there is too much of it.

    Source:
        https://docs.n8n.io/api/pagination/ and the OpenAPI description in n8n's own repository
        (packages/cli/src/public-api/v1), read in 2026; no n8n runs in our tests.
    """
    headers = {"x-n8n-api-key": credential.reveal()} if credential else {}
    with Asker(instance, headers, deadline_s=deadline_s, max_body=PAGE_BYTES) as asker:
        try:
            return _Listing(asker, known or {}, PAGE).read()
        except TooMuch:
            return _Listing(asker, known or {}, PAGE_SMALL).read()


class _Listing:
    def __init__(self, asker: Asker, known: Mapping[str, str], page: int) -> None:
        self._asker = asker
        self._known = known
        self._page = page
        self._read = 0

    def read(self) -> Reading:
        files: dict[str, File] = {}
        cursor, seen = "", set[str]()
        while True:
            after = f"&cursor={quote(cursor, safe='')}" if cursor else ""
            answer = self._get(f"/api/v1/workflows?limit={self._page}{after}")
            listed = answer.get("data")
            if not isinstance(listed, list):
                raise Unreadable("Its list of workflows is not as n8n documents it.")
            for each in listed:
                found = self._file(each)
                if found is not None:
                    # Pages are cut by number, so that a change in between may show one twice.
                    files[found.path] = found
            if len(files) > FILES_MAX:
                raise Unreadable(f"It lists more than {FILES_MAX} workflows.")
            cursor = answer.get("nextCursor") or ""
            if not cursor:
                return Reading(tuple(files[path] for path in sorted(files)))
            if not isinstance(cursor, str) or cursor in seen or len(seen) > FILES_MAX:
                raise Unreadable("Its list of workflows does not end.")
            seen.add(cursor)

    def _get(self, path: str) -> dict[str, Any]:
        data, _tag = self._asker.get(path, _WHAT)
        self._read += len(data or b"")
        if self._read > _TOTAL_BYTES:
            raise Unreadable(f"Its workflows are larger than {_TOTAL_BYTES} bytes.")
        try:
            held = json.loads(data or b"")
        except (ValueError, RecursionError):
            held = None
        if not isinstance(held, dict):
            raise Unreadable("It answered with something that is no JSON object.")
        return held

    def _file(self, held: Any) -> File | None:
        if not isinstance(held, dict) or not isinstance(held.get("id"), (str, int)):
            raise Unreadable("Its list holds a workflow without an id.")
        if held.get("isArchived") is True:
            return None
        identity = _text(str(held["id"]))
        path = f"{identity}.json"
        version = _version(held)
        data = None
        if self._known.get(path) != version:
            if not _published(held) and (not isinstance(held.get("nodes"), list) or _runs_another(held)):
                held = self._get(f"/api/v1/workflows/{quote(identity, safe='')}")
                version = _version(held)
            data = _document(held)
        return File(path, version, data, **_about(held))


def _published(held: Mapping[str, Any]) -> Mapping[str, Any] | None:
    found = held.get("activeVersion")
    return found if isinstance(found, dict) and isinstance(found.get("nodes"), list) else None


def _runs_another(held: Mapping[str, Any]) -> bool:
    """Tell whether what runs is a published version that this answer only names: its nodes are somebody's draft."""
    running = held.get("activeVersionId")
    return isinstance(running, str) and running != held.get("versionId")


def _version(held: Mapping[str, Any]) -> str:
    published = held.get("activeVersion")
    saved = published if isinstance(published, dict) and published.get("versionId") else held
    return f"{_text(saved.get('versionId'))}@{_text(held.get('updatedAt'))}"


def _document(held: Mapping[str, Any]) -> bytes:
    document = {name: held[name] for name in _EXPORTED if name in held}
    published = _published(held)
    if published is not None:
        document |= {"nodes": published["nodes"], "connections": published.get("connections")}
    try:
        return json.dumps(document, separators=(",", ":")).encode()
    except (ValueError, RecursionError):
        # Whoever reads it refuses it, by name; the other workflows are still read.
        return b"{"


def _about(held: Mapping[str, Any]) -> dict[str, Any]:
    published = held.get("activeVersion")
    active = isinstance(published, dict) or isinstance(held.get("activeVersionId"), str) or held.get("active") is True
    author = _text(published.get("authors")) if isinstance(published, dict) else ""
    return {
        "name": _text(held.get("name")),
        "active": active,
        "updated_at": _time(held.get("updatedAt")),
        "author": author if author.isprintable() else "",
    }


def _text(value: Any) -> str:
    # What no database keeps would end the look, and with it the watch over everything else.
    return _UNKEPT.sub("\N{REPLACEMENT CHARACTER}", value[:_TEXT_MAX]) if isinstance(value, str) else ""


def _time(value: Any) -> int | None:
    try:
        return int(datetime.fromisoformat(_text(value)).timestamp() * SECOND)
    except (ValueError, OverflowError):
        return None
