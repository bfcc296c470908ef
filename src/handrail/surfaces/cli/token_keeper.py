"""Keeps one access token fresh: asks for the next before the last one ends."""

import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import httpx2
from joserfc import jwt
from joserfc.jwk import ECKey

from handrail.kernel.errors import Unauthenticated, Unavailable
from handrail.kernel.secret import Secret

ASSERTION_TYPE: Final = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
ASSERTION_S: Final = 60
_FRESH_SHARE: Final = 0.8
_RETRY_S: Final = 5.0
_NEVER: Final = 0.0


class TokenRefused(Unauthenticated):
    """The token service knows who asks, and says no; `details` holds its answer."""

    code = "token_service_refused"


class TokenServiceSilent(Unavailable):
    code = "token_service_silent"


@dataclass(frozen=True, slots=True)
class Credentials:
    """What an app signs in with: a secret or a private key.

    Attributes:
        private_key: PEM of an EC P-256 key, for `private_key_jwt`.
        version: Candidate to name in a sandbox; empty for the running version.
    """

    client_id: str
    secret: Secret | None
    private_key: Secret | None
    version: str = ""

    def form(self, endpoint: str) -> dict[str, str]:
        """Return the form of one token request."""
        form = {"grant_type": "client_credentials", "client_id": self.client_id}
        if self.version:
            form["version"] = self.version
        if self.private_key is not None:
            form["client_assertion_type"] = ASSERTION_TYPE
            form["client_assertion"] = self._assertion(self.private_key, endpoint)
        elif self.secret is not None:
            form["client_secret"] = self.secret.reveal()
        return form

    def _assertion(self, private_key: Secret, endpoint: str) -> str:
        now = int(time.time())
        key = ECKey.import_key(private_key.reveal())
        claims = {
            "iss": self.client_id,
            "sub": self.client_id,
            "aud": endpoint,
            "jti": secrets.token_urlsafe(18),
            "iat": now,
            "exp": now + ASSERTION_S,
        }
        return jwt.encode({"alg": "ES256", "typ": "JWT", "kid": key.thumbprint()}, claims, key)


class TokenKeeper:
    """Holds the token; any number of threads may ask for it.

    Attributes:
        endpoint: The token service, as `https://handrail.example/oauth/token`.
    """

    def __init__(
        self,
        endpoint: str,
        credentials: Credentials,
        client: httpx2.Client,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.endpoint = endpoint
        self._credentials = credentials
        self._client = client
        self._clock = clock
        self._lock = threading.Lock()
        self._token = Secret("")
        self._ends_at = _NEVER
        self._renew_at = _NEVER

    def token(self) -> Secret:
        """Return a token that still holds; asks for one if need be.

        Raises:
            TokenRefused: If the token service says no.
            TokenServiceSilent: If it does not answer and the last token has ended.
        """
        with self._lock:
            if self._clock() < self._renew_at:
                return self._token
            return self._renewed()

    def keep_fresh(self, stop: threading.Event) -> None:
        """Renew before the end, again and again, so that calls need not wait; for a thread."""
        while not stop.is_set():
            try:
                self.token()
            except (TokenRefused, TokenServiceSilent):
                # The next call asks again and tells its caller why not.
                stop.wait(_RETRY_S)
                continue
            stop.wait(max(0.05, self._renew_at - self._clock()))

    def _renewed(self) -> Secret:
        try:
            answer = self._client.post(self.endpoint, data=self._credentials.form(self.endpoint))
        except httpx2.HTTPError as error:
            return self._last_or(f"{self.endpoint} does not answer ({type(error).__name__}).")
        if answer.status_code >= 500:
            return self._last_or(f"{self.endpoint} answered {answer.status_code}.")
        told = _json(answer)
        if answer.status_code != 200:
            # What was held is forgotten: the token service has changed its mind about this app.
            self._ends_at = self._renew_at = _NEVER
            raise TokenRefused(
                str(told.get("detail") or told.get("error_description") or "The token service refused."),
                fix=str(told.get("fix", "")),
                details={"status": answer.status_code, "problem": told},
            )
        now = self._clock()
        life_s = float(told["expires_in"])
        self._token = Secret(str(told["access_token"]))
        self._ends_at = now + life_s
        self._renew_at = now + life_s * _FRESH_SHARE
        return self._token

    def _last_or(self, message: str) -> Secret:
        now = self._clock()
        if now < self._ends_at - 1:
            # Not at every call: the service needs air to come back.
            self._renew_at = min(now + _RETRY_S, self._ends_at - 1)
            return self._token
        raise TokenServiceSilent(message, fix="Check that Handrail runs, and its address.")


def _json(answer: httpx2.Response) -> dict[str, Any]:
    try:
        body = answer.json()
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}
