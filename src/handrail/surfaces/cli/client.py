"""The API from the command line: one place for addresses, tokens, problems and exit codes."""

import sys
from collections.abc import Callable
from functools import update_wrapper
from typing import TYPE_CHECKING, Any, NoReturn
from urllib.parse import quote

import click

from handrail.surfaces.cli.output import say

if TYPE_CHECKING:
    from handrail.surfaces.cli.session_state import State

REFUSED, USAGE, SIGNED_OUT, MISSING, SERVER = 1, 2, 3, 4, 5
_EXIT = {401: SIGNED_OUT, 404: MISSING}


def segment(text: str) -> str:
    """Return text as one path segment."""
    return quote(text, safe="")


def fail(message: str, code: int, *, fix: str = "", place: str = "", problems: list[Any] | None = None) -> NoReturn:
    """Tell the person what happened and end with the contract's exit code."""
    say(f"error: {message}" + (f" ({place})" if place and place not in message else ""))
    for entry in problems or []:
        if isinstance(entry, dict):
            where = entry.get("place", "")
            say(f"  {where}: {entry.get('detail') or entry.get('message') or entry}" if where else f"  {entry}")
        else:
            say(f"  {entry}")
    if fix:
        say(f"fix: {fix}")
    sys.exit(code)


def _given(query: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in query.items() if value is not None}


class Client:
    """Calls the API as the signed-in person.

    Exits the process on a problem: 1 refused, 3 not signed in, 4 not found, 5 server.
    """

    def __init__(self, url: str, token: str) -> None:
        self.url = url.rstrip("/")
        self.token = token

    def request(
        self,
        method: str,
        path: str,
        *,
        json: Any = None,
        query: dict[str, Any] | None = None,
        etag: str | None = None,
    ) -> Any:
        """Call the API; with an `etag` the call changes only what is still in that state."""
        import httpx2 as httpx

        headers = self._headers()
        if etag is not None:
            headers["if-match"] = "*" if etag == "*" else f'"{etag.strip(chr(34))}"'
        try:
            answer = httpx.request(
                method,
                f"{self.url}{path}",
                json=json,
                params=_given(query or {}),
                headers=headers,
                timeout=60,
                trust_env=False,
            )
        except httpx.HTTPError as error:
            self._away(error)
        if answer.status_code >= 400:
            self._refused(answer)
        return answer.json() if answer.content else None

    def stream(self, path: str, write: "Callable[[bytes], Any]", **query: Any) -> None:
        """Hand a long answer on as it arrives."""
        import httpx2 as httpx

        try:
            with httpx.stream(
                "GET",
                f"{self.url}{path}",
                params=_given(query),
                headers=self._headers(),
                timeout=60,
                trust_env=False,
            ) as answer:
                if answer.status_code >= 400:
                    answer.read()
                    self._refused(answer)
                for part in answer.iter_bytes():
                    write(part)
        except httpx.HTTPError as error:
            self._away(error)

    def _headers(self) -> dict[str, str]:
        headers = {"user-agent": "handrail-cli"}
        if self.token:
            headers["authorization"] = f"Bearer {self.token}"
        return headers

    def _away(self, error: Exception) -> NoReturn:
        fail(
            f"nothing answers at {self.url} ({type(error).__name__}).",
            SERVER,
            fix="Start it with: handrail up. Or name its address: handrail --url http://host:port ...",
        )

    def _refused(self, answer: Any) -> NoReturn:
        try:
            body = answer.json()
        except ValueError:
            body = {}
        code = _EXIT.get(answer.status_code, SERVER if answer.status_code >= 500 else REFUSED)
        fix = body.get("fix", "")
        if answer.status_code == 401 and not fix:
            fix = "Sign in with: handrail login"
        details = body.get("details") or {}
        message = body.get("detail") or f"{self.url} answered {answer.status_code}."
        listed = details.get("problems")
        if listed and (len(listed) == 1 or "\n" in message):
            listed = None
        fail(
            f"{message} [{body.get('code', answer.status_code)}]",
            code,
            fix=fix,
            place=body.get("place", ""),
            problems=listed,
        )

    def get(self, path: str, **query: Any) -> Any:
        return self.request("GET", path, query=query)

    def post(self, path: str, json: Any = None, *, etag: str | None = None, **query: Any) -> Any:
        return self.request("POST", path, json=json if json is not None else {}, query=query, etag=etag)

    def put(self, path: str, json: Any = None) -> Any:
        return self.request("PUT", path, json=json if json is not None else {})

    def patch(self, path: str, json: Any = None, *, etag: str | None = None) -> Any:
        return self.request("PATCH", path, json=json if json is not None else {}, etag=etag)

    def delete(self, path: str, **query: Any) -> Any:
        return self.request("DELETE", path, query=query)


def client_of(state: "State") -> Client:
    """Return a client with the token of the environment, or of the stored sign-in that `--as` names."""
    from handrail.surfaces.cli.signins import SignIns

    settings = state.settings()
    url = (state.url or settings.url).rstrip("/")
    if settings.token:
        return Client(url, settings.token)
    signin = SignIns.load().get(url, state.as_name)
    if signin is None and state.as_name:
        fail(f"{state.as_name} is not signed in at {url}.", SIGNED_OUT, fix="Sign in with: handrail login")
    return Client(url, signin.token if signin else "")


def pass_client(function: Callable[..., Any]) -> Callable[..., Any]:
    """Hand the signed-in client to a command as its first argument."""

    @click.pass_obj
    def wrapped(state: "State", /, *args: Any, **kwargs: Any) -> Any:
        return function(client_of(state), *args, **kwargs)

    return update_wrapper(wrapped, function)
