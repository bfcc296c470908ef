"""A browser: it keeps cookies, says who it is, and says for whom it asks."""

from typing import Any

from handrail.kernel.secret import Secret
from handrail.platform.database import Database
from handrail.registry import identity

PASSWORD = "a fairly long password"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
OWN_PAGE = {"sec-fetch-site": "same-origin"}


def first_admin(database: Database, name: str = "ada") -> str:
    """Make the first administrator, who has `PASSWORD`; return their name."""
    with database.begin() as work:
        _, token = identity.create_setup_link(work)
    hashed = identity.prepare_password(Secret(PASSWORD), name)
    with database.begin() as work:
        identity.redeem(work, token, "setup", name, name.title(), hashed)
    return name


def sign_in(http: Any, name: str, password: str = PASSWORD, **headers: str) -> Any:
    """Sign in by the portal's form; the client keeps the cookie."""
    answer = http.post(
        "/api/v1/sign-in",
        json={"name": name, "password": password},
        headers={**OWN_PAGE, "user-agent": FIREFOX, **headers},
    )
    assert answer.status_code == 200, answer.text
    return answer


def cookie_of(http: Any) -> str:
    """Return what the browser's session cookie holds."""
    return str(http.cookies["handrail"])


def as_cookie(text: str) -> dict[str, str]:
    """Return the headers of the portal's own page with a cookie of somebody's choice."""
    return {**OWN_PAGE, "cookie": f"handrail={text}"}


__all__ = ["FIREFOX", "OWN_PAGE", "PASSWORD", "as_cookie", "cookie_of", "first_admin", "sign_in"]
