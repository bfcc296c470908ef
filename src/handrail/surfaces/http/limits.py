"""What every request meets first: an id, a size limit, safe headers."""

from typing import Final

from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from handrail.kernel.ids import new_id
from handrail.surfaces.http.bodies import fault_of
from handrail.surfaces.http.problem import problem

BODY_LIMIT_BYTES: Final = 16 * 1024 * 1024
_HEADERS: Final = (
    # Some answers hold a secret that is shown once, and each depends on who asks.
    (b"cache-control", b"no-store"),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
)


_WITH_BODY: Final = frozenset({"POST", "PUT", "PATCH", "DELETE"})


class Envelope:
    """ASGI middleware: gives each request an id, refuses large or ambiguous bodies, adds the security headers."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        request_id = new_id()
        scope["handrail.request_id"] = request_id

        async def dressed(message: Message) -> None:
            if message["type"] == "http.response.start":
                present = {name for name, _ in message["headers"]}
                message["headers"] = [
                    *message["headers"],
                    *(header for header in _HEADERS if header[0] not in present),
                    (b"x-request-id", request_id.encode()),
                ]
            await send(message)

        if b"%00" in scope["raw_path"] or b"%00" in scope["query_string"]:
            # No name holds a NUL, and PostgreSQL refuses it in any text.
            refusal = problem(400, "path_invalid", "The address holds a NUL.", request_id, fix="Leave it out.")
            await refusal(scope, receive, dressed)
            return
        if scope["method"] not in _WITH_BODY:
            await self.app(scope, receive, dressed)
            return
        body = await _read(receive)
        if body is None:
            return
        unfit = _refusal_of(scope, body, request_id)
        if unfit is not None:
            await unfit(scope, receive, dressed)
            return
        await self.app(scope, _again(body, receive), dressed)


async def _read(receive: Receive) -> bytes | None:
    """Return the body, or the beginning of one that is too large; None when the client has gone."""
    body = bytearray()
    while len(body) <= BODY_LIMIT_BYTES:
        message = await receive()
        if message["type"] != "http.request":
            return None
        body += message.get("body", b"")
        if not message.get("more_body", False):
            break
    return bytes(body)


def _again(body: bytes, receive: Receive) -> Receive:
    """Give a body that was read to who reads it next; after it, what the client does."""
    given = False

    async def replay() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return replay


def _refusal_of(scope: Scope, body: bytes, request_id: str) -> Response | None:
    if len(body) > BODY_LIMIT_BYTES:
        detail = f"The body is larger than {BODY_LIMIT_BYTES} bytes."
        return problem(413, "body_too_large", detail, request_id, fix="Send a smaller one.")
    kinds = [value for name, value in scope["headers"] if name == b"content-type"]
    if body and any(b"json" in kind.lower().partition(b";")[0].replace(b"ndjson", b"") for kind in kinds):
        fault = fault_of(body)
        if fault:
            return problem(422, "body_invalid", fault, request_id, fix="Compare with /api/openapi.json.")
    return None
