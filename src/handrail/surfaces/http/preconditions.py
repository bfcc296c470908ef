"""`ETag` and `If-Match`: a change says which state it was made for."""

import re
from typing import Annotated, Final

from fastapi import Depends, Header, Response

from handrail.kernel.errors import Invalid

_LIST: Final = re.compile(r'\s*(?:W/)?"[^"]*"\s*(?:,\s*(?:W/)?"[^"]*"\s*)*')
_STRONG: Final = re.compile(r'(?:^|[\s,])"([^"]*)"')


class IfMatchInvalid(Invalid):
    code = "if_match_invalid"


def _expected(
    if_match: Annotated[
        str | None,
        Header(max_length=1000, description="Change it only while its ETag is one of these; `*` for any state."),
    ] = None,
) -> frozenset[str] | None:
    if if_match is None:
        return None
    if if_match.strip() == "*":
        return frozenset({"*"})
    if not _LIST.fullmatch(if_match):
        raise IfMatchInvalid(
            "If-Match names no state.",
            fix="Give the ETag of the last answer as it was, with its quotes; or leave the header out.",
            place="If-Match",
        )
    # Weak tags never match here: a change needs the exact state.
    return frozenset(_STRONG.findall(if_match)) - {"*"}


ExpectedDep = Annotated[frozenset[str] | None, Depends(_expected)]


def tell(response: Response, tag: str) -> None:
    """Say which state an answer shows."""
    response.headers["etag"] = f'"{tag}"'
