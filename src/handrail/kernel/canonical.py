"""One byte form for one value: RFC 8785."""

import hashlib
from typing import Any

import rfc8785

from handrail.kernel.errors import Invalid


def canonical(value: Any) -> bytes:
    """Return the RFC 8785 bytes of a JSON value.

    Raises:
        Invalid: For values outside the scheme (NaN, integers beyond 2**53, keys that are no text).
    """
    try:
        return rfc8785.dumps(value)
    except (rfc8785.CanonicalizationError, UnicodeEncodeError) as error:
        raise Invalid(f"This value has no canonical form: {error}.") from error


def sha256(data: bytes) -> str:
    """Return `sha256:` and the hex digest of bytes."""
    return "sha256:" + hashlib.sha256(data).hexdigest()


def digest(value: Any) -> str:
    """Return the SHA-256 of a JSON value's canonical bytes, as `sha256:<hex>`."""
    return sha256(canonical(value))
