"""Errors become RFC 9457 problems here and nowhere else."""

import logging
from typing import Any, Final

import orjson
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import Response

from handrail.kernel import errors
from handrail.kernel.errors import HandrailError

log: Final = logging.getLogger("handrail.http")

STATUS: Final[dict[type[HandrailError], int]] = {
    errors.Invalid: 422,
    errors.Unauthenticated: 401,
    errors.Forbidden: 403,
    errors.NotFound: 404,
    errors.Conflict: 409,
    errors.Precondition: 412,
    errors.TooMany: 429,
    errors.Unavailable: 503,
    HandrailError: 500,
}
_TITLES: Final = {
    400: "The request cannot be read",
    401: "Sign in first",
    403: "Not allowed",
    404: "Not found",
    405: "This method is not offered here",
    409: "The state does not allow it",
    412: "Somebody else changed it meanwhile",
    413: "Too large",
    422: "Something is not right in what was sent",
    429: "Too many requests",
    500: "Handrail failed",
    503: "Not available now",
}
# An answer must not be larger than what was asked.
_PROBLEMS_TOLD: Final = 20
_KEY_TOLD: Final = 100
_TEXT_TOLD: Final = 4000
_FRAMEWORK_CODES: Final = {404: "route_unknown", 405: "method_unknown"}


def status_of(kind: type[HandrailError]) -> int:
    """Return the status of an error's family (the nearest class in `STATUS`)."""
    return next(STATUS[parent] for parent in kind.__mro__ if parent in STATUS)


def problem(status: int, code: str, detail: str, request_id: str, **more: Any) -> Response:
    """Build the answer for one problem; empty members are left out."""
    body = {
        "type": f"https://handrail.dev/problems/{code}",
        "title": _TITLES.get(status, "Refused"),
        "status": status,
        "code": code,
        "detail": detail[:_TEXT_TOLD],
        "requestId": request_id,
        **{name: value[:_TEXT_TOLD] if isinstance(value, str) else value for name, value in more.items() if value},
    }
    headers = {"cache-control": "no-store"}
    if status == 401:
        headers["www-authenticate"] = "Bearer"
    if status == 429 and "retry_after_s" in more.get("details", {}):
        headers["retry-after"] = str(more["details"]["retry_after_s"])
    return Response(orjson.dumps(body), status, headers, "application/problem+json")


def _request_id(request: Request) -> str:
    return str(request.scope.get("handrail.request_id", ""))


def _on_handrail_error(request: Request, error: Exception) -> Response:
    if not isinstance(error, HandrailError):
        raise error
    status = status_of(type(error))
    if error.internal or status >= 500:
        log.error("%s: %s %s", error.code, error.message, error.internal)
    return problem(
        status,
        error.code,
        error.message,
        _request_id(request),
        fix=error.fix,
        place=error.place,
        details=error.details,
    )


def _on_validation_error(request: Request, error: Exception) -> Response:
    if not isinstance(error, RequestValidationError):
        raise error
    # Pydantic's own report repeats the input, which may be a password.
    found = [
        {
            "place": ".".join(str(part)[:_KEY_TOLD] for part in item["loc"][1:]) or str(item["loc"][0]),
            "detail": item["msg"],
        }
        for item in error.errors()
    ]
    first = found[0]
    return problem(
        422,
        "body_invalid",
        f"{first['place']}: {first['detail']}.",
        _request_id(request),
        fix="Compare with /api/openapi.json.",
        place=first["place"],
        details={"problems": found[:_PROBLEMS_TOLD]},
    )


def _on_http_exception(request: Request, error: Exception) -> Response:
    if not isinstance(error, HTTPException):
        raise error
    code = _FRAMEWORK_CODES.get(error.status_code, "invalid" if error.status_code < 500 else "internal")
    return problem(
        error.status_code,
        code,
        f"{request.method} {request.url.path}: {error.detail}.",
        _request_id(request),
        fix="What there is: /api/openapi.json.",
    )


def _on_any_error(request: Request, error: Exception) -> Response:
    log.error("unhandled error", exc_info=error)
    return problem(
        500,
        "internal",
        "Handrail failed in a way nobody foresaw; nothing was changed.",
        _request_id(request),
        fix="Give the request id to whoever runs this install; the log of serve has the cause.",
    )


def install(app: FastAPI) -> None:
    """Make an application answer every error as a problem."""
    app.add_exception_handler(HandrailError, _on_handrail_error)
    app.add_exception_handler(RequestValidationError, _on_validation_error)
    app.add_exception_handler(HTTPException, _on_http_exception)
    app.add_exception_handler(Exception, _on_any_error)
