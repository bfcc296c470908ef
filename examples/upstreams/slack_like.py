"""A team chat in the shape of Slack's Web API: always 200, `ok` tells the outcome, lists go on by cursor."""

import itertools
from typing import Any

from service import Reply, Request, Upstream

CHANNELS = [
    {"id": f"C{index:03}", "name": name, "is_channel": True}
    for index, name in enumerate(["general", "finance", "invoices", "support", "random"], 1)
]
_KNOWN = {channel["id"] for channel in CHANNELS} | {f"#{channel['name']}" for channel in CHANNELS}


class SlackLike(Upstream):
    """`auth.test`, `chat.postMessage`, `chat.postEphemeral` and `conversations.list`."""

    name = "slack"

    def __init__(self, credential: str) -> None:
        super().__init__(credential)
        self._stamp = itertools.count(1)

    def unauthorised(self) -> Reply:
        return Reply(200, {"ok": False, "error": "invalid_auth"})

    def handle(self, request: Request) -> Reply:
        method = request.path.removeprefix("/api/")
        given = request.parameters()
        if method == "auth.test":
            return _ok(url=f"{self.origin}/", team="Demo", user="handrail-demo", team_id="T001", user_id="U001")
        if method == "conversations.list":
            return _channels(given)
        if method in {"chat.postMessage", "chat.postEphemeral"}:
            return self._post(given)
        return _error("unknown_method")

    def _post(self, given: dict[str, str]) -> Reply:
        if given.get("channel") not in _KNOWN:
            return _error("channel_not_found")
        if not given.get("text"):
            return _error("no_text")
        stamp = f"1700000000.{next(self._stamp):06}"
        return _ok(channel=given["channel"], ts=stamp, message={"text": given["text"], "ts": stamp})


def _channels(given: dict[str, str]) -> Reply:
    start = int(given.get("cursor") or 0)
    end = start + int(given.get("limit") or 100)
    following = str(end) if end < len(CHANNELS) else ""
    return _ok(channels=CHANNELS[start:end], response_metadata={"next_cursor": following})


def _ok(**members: Any) -> Reply:
    return Reply(200, {"ok": True, **members})


def _error(code: str) -> Reply:
    return Reply(200, {"ok": False, "error": code})
