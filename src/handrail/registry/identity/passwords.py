"""Passwords: argon2id, never more than two at a time."""

import threading
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from handrail.kernel.secret import Secret
from handrail.registry.identity.errors import PasswordWeak

LENGTH_MIN: Final = 12
LENGTH_MAX: Final = 256
# The OWASP minimum for argon2id: 19 MiB, two passes, one lane; about 30 ms.
_HASHER: Final = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
# More at once would let a stranger use up memory and CPU by guessing.
_AT_ONCE: Final = threading.BoundedSemaphore(2)
# What is checked when nobody has the name: it takes as long as a real one and matches nothing.
_NOBODY: Final = _HASHER.hash("nobody has this password, and nobody can: it is never compared to a person's")


def require_password(password: Secret, name: str) -> None:
    """Return if a password may be set.

    Raises:
        PasswordWeak: It is too short, too long or the person's name.
    """
    clear = password.reveal()
    if not LENGTH_MIN <= len(clear) <= LENGTH_MAX:
        raise PasswordWeak(
            f"A password has {LENGTH_MIN} to {LENGTH_MAX} characters.",
            fix="Use a few words, or let a password manager make one.",
            place="password",
        )
    if name and clear.lower().replace(name, "") == "":
        raise PasswordWeak("The password is just the name.", fix="Use a few words.", place="password")


def hash_password(password: Secret) -> str:
    """Return what is stored of a password. Takes about 30 ms: call it outside of a unit of work."""
    with _AT_ONCE:
        return _HASHER.hash(password.reveal())


def password_matches(stored: str | None, password: Secret) -> bool:
    """Tell whether a password is the stored one; as slow when there is none."""
    if len(password.reveal()) > LENGTH_MAX:
        return False
    with _AT_ONCE:
        try:
            _HASHER.verify(stored or _NOBODY, password.reveal())
        except (VerificationError, InvalidHashError):
            return False
    return stored is not None


def is_outdated(stored: str) -> bool:
    """Tell whether a hash was made with older parameters."""
    return _HASHER.check_needs_rehash(stored)
