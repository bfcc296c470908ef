"""Random texts that stand for somebody: how they are made, recognised and stored (as hashes only)."""

import hashlib
import re
import secrets
import zlib
from typing import Final, NamedTuple

from handrail.kernel.secret import Secret

_ALPHABET: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_LENGTH: Final = 43  # 62**43 > 2**256
_CRC_LENGTH: Final = 6  # 62**6 > 2**32
_API_TOKEN: Final = re.compile(r"hr_([0-9a-f]{16})_([0-9A-Za-z]{43})([0-9A-Za-z]{6})")


class ParsedToken(NamedTuple):
    """An API token's parts."""

    id: str
    secret: str


def new_secret() -> str:
    """Return 256 random bits as letters and digits."""
    return "".join(secrets.choice(_ALPHABET) for _ in range(_LENGTH))


def hash_of(text: str) -> str:
    """Return what is stored of a random text. It needs no slow hash: nobody can guess 256 bits."""
    return hashlib.sha256(text.encode()).hexdigest()


def new_api_token() -> tuple[str, str, Secret]:
    """Return an API token's id, the hash to store and the token `hr_<id>_<secret><crc>`."""
    token_id = secrets.token_hex(8)
    secret = new_secret()
    return token_id, hash_of(secret), Secret(f"hr_{token_id}_{secret}{_crc(token_id, secret)}")


def parse_api_token(text: str) -> ParsedToken | None:
    """Return the parts of a token, or None when it cannot be one (a typing error needs no look-up)."""
    match = _API_TOKEN.fullmatch(text)
    if match is None or _crc(match[1], match[2]) != match[3]:
        return None
    return ParsedToken(match[1], match[2])


def _crc(token_id: str, secret: str) -> str:
    number = zlib.crc32(f"hr_{token_id}_{secret}".encode())
    digits = []
    for _ in range(_CRC_LENGTH):
        number, digit = divmod(number, len(_ALPHABET))
        digits.append(_ALPHABET[digit])
    return "".join(reversed(digits))
