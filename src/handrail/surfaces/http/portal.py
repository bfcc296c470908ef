"""Serves the portal: files that the build made, and one page for every address that is the portal's own."""

import gzip
import mimetypes
import secrets
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Final

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Match, Route
from starlette.types import Receive, Scope, Send

WEB: Final = Path(__file__).parents[2] / "_web"
# Addresses of programs: an unknown one is a problem, never a page.
_PROGRAMS: Final = ("api", "hub", "oauth", "sandbox", "production", "healthz", "readyz", ".well-known")
_SMALL: Final = 1024
_NONCE: Final = "HANDRAIL_NONCE"
_NOT_BUILT: Final = """<!doctype html><html lang="en"><title>Handrail</title>
<h1>The portal is not built</h1><p>Build it with <code>make web</code>, then load this page again.
The command line and the API work without it.</p></html>"""
_ISOLATION: Final = {
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "x-frame-options": "DENY",
}


def policy(nonce: str) -> str:
    """Return the page's content security policy: this origin only, no inline script, no eval, no frame."""
    return "; ".join(
        (
            "default-src 'none'",
            "script-src 'self'",
            f"style-src 'self' 'nonce-{nonce}'",
            "img-src 'self' data:",
            "font-src 'self'",
            "connect-src 'self'",
            "form-action 'self'",
            "base-uri 'none'",
            "frame-ancestors 'none'",
        )
    )


@dataclass
class _File:
    """A built file; compressed once, when it is first wanted so."""

    content: bytes
    kind: str

    @cached_property
    def packed(self) -> bytes | None:
        if len(self.content) < _SMALL or self.kind.startswith(("font/", "image/png")):
            return None
        return gzip.compress(self.content, 9, mtime=0)

    def answer(self, request: Request, headers: dict[str, str]) -> Response:
        packed = self.packed if "gzip" in request.headers.get("accept-encoding", "") else None
        if packed is not None:
            headers = {**headers, "content-encoding": "gzip"}
        return Response(packed or self.content, headers={"vary": "accept-encoding", **headers}, media_type=self.kind)


class Portal:
    """An ASGI endpoint for everything that no other route takes."""

    def __init__(self, folder: Path = WEB) -> None:
        self._folder = folder
        self._files: dict[str, _File] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope)
        path = request.url.path.lstrip("/")
        answer = self._file(request, path) or self._page(request, path)
        await answer(scope, receive, send)

    def _file(self, request: Request, path: str) -> Response | None:
        found = self._read(path) if path and path != "index.html" else None
        if found is None:
            return None
        # A built file's name changes with its content.
        lasting = "public, max-age=31536000, immutable" if path.startswith("assets/") else "no-cache"
        return found.answer(request, {"cache-control": lasting, **_ISOLATION})

    def _page(self, request: Request, path: str) -> Response:
        if path.startswith("assets/") or "text/html" not in request.headers.get("accept", "text/html"):
            raise HTTPException(404, "there is no such route")
        index = self._read("index.html")
        if index is None:
            return HTMLResponse(_NOT_BUILT, 503)
        nonce = secrets.token_urlsafe(16)
        body = index.content.decode().replace(_NONCE, nonce)
        headers = {"content-security-policy": policy(nonce), "cache-control": "no-store", **_ISOLATION}
        return HTMLResponse(body, headers=headers)

    def _read(self, path: str) -> _File | None:
        known = self._files.get(path)
        if known is not None:
            return known
        place = (self._folder / path).resolve()
        if not place.is_relative_to(self._folder.resolve()) or any(part.startswith(".") for part in path.split("/")):
            return None
        if not place.is_file():
            return None
        kind = mimetypes.guess_type(place.name)[0] or "application/octet-stream"
        found = _File(place.read_bytes(), kind)
        if path.startswith("assets/"):
            self._files[path] = found
        return found


class _Rest(Route):
    """Takes what is asked for by people: an unknown address or method of a program stays unknown."""

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        if scope["type"] != "http" or scope["method"] not in {"GET", "HEAD"}:
            return Match.NONE, {}
        if scope["path"].lstrip("/").partition("/")[0] in _PROGRAMS:
            return Match.NONE, {}
        return super().matches(scope)


def portal_route() -> Route:
    """Return the last route: whatever is left belongs to the portal."""
    return _Rest("/{path:path}", Portal(), include_in_schema=False)
