"""Stands in for readers and checks that are not here yet."""

import hashlib
from typing import Any

import orjson

from handrail.governance.checks import Finding
from handrail.language.importers import parts, read_artefact
from handrail.language.importers.model import Definition, Secret
from handrail.language.leaks import Boundary

ENGINE = "interim-1"


def read_definitions(data: bytes, filename: str) -> tuple[Definition, ...]:
    listed = parts(data, filename)
    many = len(listed) > 1
    found = []
    for index, part in enumerate(listed or ()):
        artefact = read_artefact(data, filename, part=part.id if many else None)
        document: Any = orjson.loads(orjson.dumps(artefact.source))
        secrets = tuple(Secret("secret", each.pointer) for each in artefact.findings if each.rule == "secret_in_source")
        digest = "sha256:" + hashlib.sha256(data).hexdigest()
        found.append(
            Definition(
                filename, index, artefact.platform, artefact.name, document, artefact.graph, "", secrets, (), digest
            )
        )
    return tuple(found)


def check(definition: Definition, _boundary: Boundary) -> tuple[Finding, ...]:
    return tuple(
        Finding("hardcoded-secret", "block", "A secret is written in the flow.", "", each.pointer, refs=("CD-SEC-04",))
        for each in definition.secrets
    )
