"""What every request meets first: an id, a size limit, safe headers."""

from typing import Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from handrail.kernel.ids import new_id
from handrail.surfaces.http.problem import problem

BODY_LIMIT_BYTES: Final = 16 * 1024 * 1024
_HEADERS: Final = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
)


class _TooLarge(Exception):
    pass


class Envelope:
    """ASGI middleware: gives each request an id, refuses large bodies, adds the security headers."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        request_id = new_id()
        scope["handrail.request_id"] = request_id
        seen = 0
        started = False

        async def limited() -> Message:
            nonlocal seen
            message = await receive()
            seen += len(message.get("body", b""))
            if seen > BODY_LIMIT_BYTES:
                raise _TooLarge
            return message

        async def dressed(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
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
        try:
            await self.app(scope, limited, dressed)
        except _TooLarge:
            if started:
                raise
            refusal = problem(
                413,
                "body_too_large",
                f"The body is larger than {BODY_LIMIT_BYTES} bytes.",
                request_id,
                fix="Send a smaller one.",
            )
            await refusal(scope, receive, dressed)
