"""What identity can take from others: a sign-in at a provider. Nothing implements it yet."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from handrail.kernel.secret import Secret


@dataclass(frozen=True, slots=True)
class Departure:
    """Where a browser is sent to sign in.

    Attributes:
        url: The provider's page.
        kept: State, nonce and code verifier: kept on the server, bound to this browser by a cookie of its own, and
            good for one answer within minutes.
    """

    url: str
    kept: Secret


@dataclass(frozen=True, slots=True)
class VerifiedPerson:
    """Who a provider says this is, after its answer was verified.

    Attributes:
        issuer: With `subject` what the person is known by; an address or a name may pass to somebody else.
        groups: As the provider names them; what they mean here is decided here.
        session: The provider's own session, so that it can end ours; empty when it tells none.
        authenticated_at: When the person really proved who they are, in microseconds since 1970 (UTC).
    """

    issuer: str
    subject: str
    name: str
    display_name: str
    groups: tuple[str, ...]
    session: str
    authenticated_at: int


class SignInProvider(Protocol):
    """Signs people in elsewhere, by OpenID Connect or alike.

    Attributes:
        id: Readable, part of addresses.
        title: What the button says.
    """

    id: str
    title: str

    def depart(self, return_url: str, *, fresh: bool) -> Departure:
        """Begin a sign-in that ends at `return_url`, an address of this install.

        Args:
            return_url: Where the provider sends the browser back to.
            fresh: The person must prove who they are now, even when the provider knows them (re-authentication).
        """
        ...

    def arrive(self, query: Mapping[str, str], kept: Secret) -> VerifiedPerson:
        """Verify the provider's answer: issuer, state, nonce, audience, signature, times.

        Raises:
            SignInFailed: Whatever is wrong with it; the log says what.
        """
        ...

    def ended(self, notice: str) -> Mapping[str, Any]:
        """Verify a notice that a session ended there; return the claims that name it.

        Raises:
            SignInFailed: It is none.
        """
        ...
