"""Light, steady traffic: each app signs in with its own client and calls through the real hub, as its flow would."""

import random
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

import httpx2 as httpx

from handrail.demo.calls import HABITS, Call, Habit
from handrail.demo.story import DRIFTS

# Between two calls, on average, of all apps together; the time that calls take comes on top.
PAUSE_S: Final = 0.85
_RENEW_BEFORE_S: Final = 60
# An app that gets no token asks again like a flow that is run again, not in a loop.
_ASK_AGAIN_S: Final = 45.0
_TIMEOUT_S: Final = 12.0
_BUSIEST: Final = 3


@dataclass(slots=True)
class _Held:
    token: str = ""
    until: float = 0.0
    next_ask: float = 0.0


@dataclass(slots=True)
class Traffic:
    """Makes calls until it is told to stop.

    Attributes:
        serve: Where the token service is.
        hub: Where the hub is.
        clients: Id and secret of each app's client, by app.
        pause_s: Seconds between two calls, on average.
    """

    serve: str
    hub: str
    clients: Mapping[str, tuple[str, str]] = field(repr=False)
    pause_s: float = PAUSE_S
    _held: dict[str, _Held] = field(default_factory=dict)
    _chance: random.Random = field(default_factory=random.Random)  # moods, not secrets

    def run(self, stop: threading.Event) -> None:
        """Choose an app, run its flow, and again."""
        habits = [habit for habit in HABITS if habit.app in self.clients]
        # Rare apps show up within minutes too: nobody watches a demo for a day.
        # The one whose flow changes is the busiest: its tokens, and so its refusals at the hub, last for minutes only.
        weights = [(habit.runs + 8) * (_BUSIEST if habit.app == DRIFTS else 1) for habit in habits]
        with httpx.Client(timeout=_TIMEOUT_S, trust_env=False) as http:
            for habit in habits:
                # Before somebody changes a flow, or it would never have a token to be refused with.
                while not self._ask(http, habit.app, self._held.setdefault(habit.app, _Held())):
                    if stop.wait(1):
                        return
            while not stop.is_set():
                (habit,) = self._chance.choices(habits, weights)
                self._flow(http, habit, stop)

    def _flow(self, http: httpx.Client, habit: Habit, stop: threading.Event) -> None:
        token = self._token(http, habit.app)
        if not token:
            stop.wait(self.pause_s / 4)
            return
        for call in habit.calls:
            if self._chance.random() > call.share:
                continue
            if stop.wait(self._chance.expovariate(1 / self.pause_s)):
                return
            # A refused call ends a run; the one that nobody granted is the last of its flow.
            if self._call(http, call, token) in {401, 403}:
                return

    def _call(self, http: httpx.Client, call: Call, token: str) -> int:
        path = call.path.replace("{n}", str(self._chance.randrange(100, 999)))
        headers = {"authorization": f"Bearer {token}"}
        if call.body:
            headers["content-type"] = "application/json"
        try:
            body = call.body.encode() or None
            return http.request(call.method, f"{self.hub}/{path}", headers=headers, content=body).status_code
        except httpx.HTTPError:
            return 0

    def _token(self, http: httpx.Client, app: str) -> str:
        held = self._held.setdefault(app, _Held())
        now = time.monotonic()
        # Near its end a token is renewed; where that is refused, what is left of the old one is used up.
        if now >= held.until - _RENEW_BEFORE_S and now >= held.next_ask:
            held.next_ask = now + _ASK_AGAIN_S
            self._ask(http, app, held)
        return held.token if now < held.until else ""

    def _ask(self, http: httpx.Client, app: str, held: _Held) -> bool:
        """Ask for a token; return False when nobody answered."""
        now = time.monotonic()
        form = {"grant_type": "client_credentials"}
        try:
            answer = http.post(f"{self.serve}/oauth/token", data=form, auth=self.clients[app])
        except httpx.HTTPError:
            return False
        if answer.is_success:
            given = answer.json()
            held.token, held.until = str(given["access_token"]), now + float(given["expires_in"])
            held.next_ask = 0.0
        return answer.status_code < 500
