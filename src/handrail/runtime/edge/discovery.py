"""Writes Envoy's files, in an order in which nothing refers to what is not there yet."""

import hashlib
import re
import secrets
import ssl
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import orjson

from handrail.runtime.edge.endpoints import inline
from handrail.runtime.edge.errors import SnapshotIncomplete, SnapshotMalformed
from handrail.runtime.edge.files import read, read_object, replace
from handrail.runtime.edge.model import (
    CLUSTERS,
    LISTENERS,
    PART_EXPIRED,
    PART_LISTENERS_TLS,
    PART_QUARANTINE,
    PART_SECRETS,
    PART_UPSTREAMS,
    QUARANTINE,
    Injected,
    Upstream,
)
from handrail.runtime.edge.places import Places
from handrail.runtime.edge.watches import require_watches

_SECRET_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:-]*")
_SECRET_TYPE: Final = "type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.Secret"  # noqa: S105 - a type
_FOLDER: Final = "envoy/"
_AUTHORITIES: Final = ("/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/cert.pem")
_TLS_SUFFIX: Final = "-tls.json"

Parts = Mapping[str, bytes]
"""Opened part bodies by name."""


@dataclass(frozen=True, slots=True)
class Address:
    """Where this hub listens."""

    host: str
    port: int


@dataclass(frozen=True, slots=True)
class Tls:
    """Where this hub listens for `https://<connection>.<hub host>`, and with what.

    Attributes:
        certificate: PEM chain for `*.<hub host>`.
    """

    address: Address
    certificate: Path
    key: Path


@dataclass(slots=True)
class _Plan:
    """What the files should hold, complete but for its version."""

    contents: dict[str, bytes]
    secrets: tuple[Injected, ...]
    files: set[str]
    secret_files: set[str]


class Discovery:
    """Envoy's files of one hub. The caller sees to it that one thread writes at a time.

    Attributes:
        versions: Which version Envoy should come to show for each file that it subscribes to.
    """

    def __init__(self, places: Places, address: Address, tls: Tls | None = None) -> None:
        self._places = places
        self._tls = tls is not None
        self._values = {
            b"@CA@": _authorities(),
            b"@XDS@": str(places.xds),
            b"@SECRETS@": str(places.secrets),
            b"@HUB_HOST@": address.host,
            b"@HUB_PORT@": str(address.port),
            b"@LOG@": str(places.call_log),
        }
        if tls is not None:
            self._values |= {
                b"@TLS_HOST@": tls.address.host,
                b"@TLS_PORT@": str(tls.address.port),
                b"@TLS_CERT@": str(tls.certificate),
                b"@TLS_KEY@": str(tls.key),
            }
        self.versions: dict[str, str] = {}

    def write_quarantine(self, body: bytes) -> None:
        """Write who is held, and nothing else."""
        self._write(QUARANTINE, orjson.dumps(self._document(PART_QUARANTINE, body)))

    def deny_everything(self, parts: Parts) -> None:
        """Make Envoy refuse every call."""
        body = parts.get(PART_EXPIRED)
        if body is not None:
            self._write(QUARANTINE, orjson.dumps(self._document(PART_EXPIRED, body)))
        else:
            # Without listeners nobody is served, which is worse to understand but as safe.
            self._write(LISTENERS, orjson.dumps({"resources": []}))

    def write_clusters(self, parts: Parts, table: Mapping[str, Sequence[str]]) -> None:
        """Write the clusters with new addresses."""
        document = self._document(_FOLDER + CLUSTERS, parts[_FOLDER + CLUSTERS])
        inline(document, upstreams_of(parts), table)
        self._write(CLUSTERS, orjson.dumps(document))

    def write_all(
        self, parts: Parts, table: Mapping[str, Sequence[str]], settle: Callable[[], None], *, running: bool
    ) -> None:
        """Bring all files to a snapshot.

        Args:
            parts: The snapshot's opened parts.
            table: Addresses of each cluster.
            settle: Waits until Envoy has taken what was written so far, if it runs.
            running: Whether Envoy runs and watches the present files.

        Raises:
            SnapshotIncomplete: If a document refers to a file that is not part of the snapshot.
            SnapshotMalformed: If a document cannot be read.
            WatchesExhausted: If Envoy could not watch that many files.
        """
        plan = self._plan(parts, table)
        watched = {path.name for path in self._places.xds.iterdir()} if running else set()
        secrets_watched = {path.name for path in self._places.secrets.iterdir()} if running else set()
        require_watches(len(plan.files - watched) + len(plan.secret_files - secrets_watched))
        self._write_secrets(plan)
        self.versions = {name: version for name, version in self.versions.items() if name in plan.secret_files}
        ordered = sorted(plan.contents, key=lambda name: (name == LISTENERS, name != CLUSTERS, name))
        for name in ordered:
            changed = self._write(name, plan.contents[name], subscribed=name in plan.files)
            if changed and name == CLUSTERS:
                settle()
        for folder, kept in (
            (self._places.xds, set(plan.contents)),
            (self._places.secrets, plan.secret_files | {f"{secret.name}.json" for secret in plan.secrets}),
        ):
            for path in folder.iterdir():
                if path.name not in kept:
                    path.unlink(missing_ok=True)

    def _plan(self, parts: Parts, table: Mapping[str, Sequence[str]]) -> _Plan:
        documents = {
            name.removeprefix(_FOLDER): self._document(name, body)
            for name, body in parts.items()
            if name.startswith(_FOLDER) and name != PART_EXPIRED and (self._tls or not name.endswith(_TLS_SUFFIX))
        }
        for name in [name for name in documents if name.endswith(_TLS_SUFFIX)]:
            secure = documents.pop(name)
            documents[LISTENERS if name == PART_LISTENERS_TLS.removeprefix(_FOLDER) else name] = secure
        for needed in (CLUSTERS, LISTENERS):
            if needed not in documents:
                raise SnapshotIncomplete(f"The snapshot has no {needed}.", place=needed)
        inline(documents[CLUSTERS], upstreams_of(parts), table)
        contents = {name: orjson.dumps(document) for name, document in documents.items()}
        files = _referred(contents.values(), str(self._places.xds)) | {CLUSTERS, LISTENERS}
        for missing in sorted(files - contents.keys()):
            # Envoy ends at once when a file is missing that it is told to watch.
            raise SnapshotIncomplete(f"The snapshot refers to {missing}, which it does not have.", place=missing)
        return _Plan(contents, injected_of(parts), files, _referred(contents.values(), str(self._places.secrets)))

    def _write_secrets(self, plan: _Plan) -> None:
        given = {f"{secret.name}.json": secret for secret in plan.secrets}
        for name in sorted(plan.secret_files | given.keys()):
            secret = given.get(name)
            path = self._places.secrets / name
            if secret is None:
                # The file must be there; without a secret in it Envoy refuses the calls that need one.
                replace(path, orjson.dumps({"resources": []}))
                self.versions.pop(name, None)
                continue
            resource = {
                "@type": _SECRET_TYPE,
                "name": secret.name,
                "generic_secret": {"secret": {"inline_string": secret.value.reveal()}},
            }
            before = read_object(path) or {}
            version = before.get("version_info", "")
            if before.get("resources") != [resource]:
                # By chance, not by content: versions are shown in statistics.
                version = f"{name}@{secrets.token_hex(8)}"
                replace(path, orjson.dumps({"version_info": version, "resources": [resource]}))
            if name in plan.secret_files:
                self.versions[name] = version

    def _document(self, name: str, body: bytes) -> dict[str, Any]:
        for placeholder, value in self._values.items():
            body = body.replace(placeholder, orjson.dumps(value)[1:-1])
        document = _json(name, body)
        if not isinstance(document, dict) or not isinstance(document.get("resources"), list):
            raise SnapshotMalformed(f"The part {name!r} is no discovery document.", place=name)
        return {"resources": document["resources"]}

    def _write(self, name: str, content: bytes, *, subscribed: bool = True) -> bool:
        version = f"{name}@{hashlib.sha256(content).hexdigest()[:16]}"
        # The version joins what is already written: a route table of a large registry takes long to write.
        data = orjson.dumps({"version_info": version})[:-1] + b"," + content[1:]
        if subscribed:
            self.versions[name] = version
        path = self._places.xds / name
        if read(path) == data:
            return False
        replace(path, data)
        return True


def _authorities() -> str:
    """Return the file of the certificate authorities that upstreams are judged by."""
    found = ssl.get_default_verify_paths().cafile
    return next((path for path in (found, *_AUTHORITIES) if path and Path(path).is_file()), _AUTHORITIES[0])


def upstreams_of(parts: Parts) -> tuple[Upstream, ...]:
    """Return the upstreams of a snapshot.

    Raises:
        SnapshotMalformed: If the part cannot be read.
    """
    found = []
    for entry in _list(PART_UPSTREAMS, parts):
        # Anything but an explicit "private" is the stricter network.
        private = entry.get("network") == "private"
        try:
            cluster, host, port = str(entry["cluster"]), str(entry["host"]), int(entry["port"])
        except (KeyError, TypeError, ValueError):
            raise SnapshotMalformed("An upstream of the snapshot is not complete.", place=PART_UPSTREAMS) from None
        found.append(Upstream(cluster, host, port, "private" if private else "public"))
    return tuple(found)


def injected_of(parts: Parts) -> tuple[Injected, ...]:
    """Return the finished header values of a snapshot.

    Raises:
        SnapshotMalformed: If the part cannot be read, or a name is no file name.
    """
    return tuple(Injected.of(entry) for entry in _list(PART_SECRETS, parts) if _named(entry))


def _named(entry: Mapping[str, Any]) -> bool:
    if not _SECRET_NAME.fullmatch(str(entry.get("name", ""))) or not isinstance(entry.get("value"), str):
        raise SnapshotMalformed("A secret of the snapshot has no usable name or value.", place=PART_SECRETS)
    return True


def _list(name: str, parts: Parts) -> list[dict[str, Any]]:
    value = _json(name, parts.get(name, b"[]"))
    if not isinstance(value, list) or not all(isinstance(entry, dict) for entry in value):
        raise SnapshotMalformed(f"The part {name!r} is no list.", place=name)
    return value


def _json(name: str, body: bytes) -> Any:
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError:
        # Not the decoder's words: they quote the document, which may hold a secret.
        raise SnapshotMalformed(f"The part {name!r} is no JSON.", place=name) from None


def _referred(texts: Iterable[bytes], folder: str) -> set[str]:
    start = re.escape(orjson.dumps(folder)[1:-1])
    named = re.compile(start + rb"/([A-Za-z0-9._:-]+\.json)")
    return {found.decode() for text in texts for found in named.findall(text)}
