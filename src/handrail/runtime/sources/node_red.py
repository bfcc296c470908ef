"""Node-RED's admin API: what it runs now."""

import json
from collections.abc import Mapping
from typing import Final

from handrail.kernel.canonical import sha256
from handrail.kernel.secret import Secret
from handrail.platform.http import DEFAULT_MAX_BODY
from handrail.runtime.sources.answers import Asker
from handrail.runtime.sources.model import File, Instance, Reading

DEADLINE_S: Final = 10.0
PATH: Final = "flows.json"
_REV_MAX: Final = 200


def read_node_red(
    instance: Instance,
    credential: Secret | None,
    known: Mapping[str, str] | None = None,
    *,
    deadline_s: float = DEADLINE_S,
) -> Reading:
    """Return the flows that a Node-RED runs now (`GET /flows`, version 2 of its admin API), as one file.

    Its version is the revision that Node-RED gives. An answer is always read, because asking costs Node-RED the same
    either way; what is known is not handed on again.

    Args:
        instance: What to ask.
        credential: A bearer token; None if it wants none.
        known: Revision of `flows.json` that need not be handed on again.
        deadline_s: How long the whole answer may take, in seconds.

    Raises:
        Unreachable: If nothing answers in time, or its address may not be called.
        Unauthorised: If it refuses the credential.
        Unreadable: If the answer is no flow file, too large, or a redirect.

    Source:
        https://nodered.org/docs/api/admin/methods/get/flows/
    """
    headers = {"node-red-api-version": "v2"}
    if credential is not None:
        headers["authorization"] = f"Bearer {credential.reveal()}"
    with Asker(instance, headers, deadline_s=deadline_s, max_body=DEFAULT_MAX_BODY) as asker:
        document, _tag = asker.get("/flows", "Node-RED admin API")
    data = document or b""
    version = _revision(data)
    unchanged = (known or {}).get(PATH) == version
    return Reading((File(PATH, version, None if unchanged else data),))


def _revision(document: bytes) -> str:
    try:
        held = json.loads(document)
    except (ValueError, RecursionError):
        held = None
    revision = held.get("rev") if isinstance(held, dict) else None
    # Node-RED 0.x gave a list without one.
    if isinstance(revision, str) and 0 < len(revision) <= _REV_MAX and revision.isprintable():
        return revision
    return sha256(document)
