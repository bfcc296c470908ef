"""Where the steps of a version are drawn."""

import re
from typing import Annotated, Final

from fastapi import APIRouter, Header, Response
from pydantic import Field

from handrail.kernel.clock import rfc3339
from handrail.registry import catalog
from handrail.registry.catalog import Layout
from handrail.surfaces.http.context import PROBLEMS, CallerDep, ContextDep
from handrail.surfaces.http.views import Body, View

router = APIRouter(tags=["versions"])

_PATH: Final = "/api/v1/apps/{name}/versions/{which}/layout"
_TAG: Final = re.compile(r'(?:W/)?"([^"]*)"')
_FARTHEST: Final = 100_000
_STEPS_MAX: Final = 10_000

Pixels = Annotated[int, Field(strict=True, ge=-_FARTHEST, le=_FARTHEST)]
IfMatch = Annotated[str | None, Header(description="The `ETag` that was read; another one is answered with 412.")]


class PlaceView(View):
    """The upper left corner of a step's box, in pixels."""

    x: int
    y: int


class LayoutView(View):
    """Where each step is drawn; `movedBy` is null while nobody moved one."""

    positions: dict[str, PlaceView]
    moved_by: str | None
    moved_at: str | None

    @classmethod
    def of(cls, layout: Layout, response: Response) -> "LayoutView":
        response.headers["etag"] = f'"{layout.tag}"'
        return cls(
            positions={step: PlaceView(x=x, y=y) for step, (x, y) in layout.positions.items()},
            moved_by=layout.moved_by,
            moved_at=None if layout.moved_at is None else rfc3339(layout.moved_at),
        )


class Place(Body):
    x: Pixels
    y: Pixels


class Moves(Body):
    """New places of some steps; the others stay."""

    positions: Annotated[dict[str, Place], Field(max_length=_STEPS_MAX)]


def _expected(if_match: str | None) -> frozenset[str] | None:
    """Return the tags of an `If-Match`; a proxy that compresses makes them weak, which changes nothing here."""
    if if_match is None or if_match.strip() == "*":
        return None
    return frozenset(_TAG.findall(if_match))


@router.get(_PATH, responses=PROBLEMS)
def read_layout(
    context: ContextDep, caller: CallerDep, name: str, which: str, response: Response, environment: str = "production"
) -> LayoutView:
    """Say where the steps of a version are drawn; steps never move by themselves."""
    with context.database.read() as work:
        return LayoutView.of(catalog.show_layout(work, caller, name, environment, which), response)


@router.put(_PATH, responses=PROBLEMS)
def move_steps(
    context: ContextDep,
    caller: CallerDep,
    name: str,
    which: str,
    body: Moves,
    response: Response,
    environment: str = "production",
    if_match: IfMatch = None,
) -> LayoutView:
    """Move some steps of a version; the next version starts from there, and no digest changes."""
    positions = {step: (place.x, place.y) for step, place in body.positions.items()}
    with context.database.begin() as work:
        moved = catalog.move_steps(work, caller, name, environment, which, positions, expected=_expected(if_match))
        return LayoutView.of(moved, response)


@router.delete(_PATH, responses=PROBLEMS)
def tidy_layout(
    context: ContextDep,
    caller: CallerDep,
    name: str,
    which: str,
    response: Response,
    environment: str = "production",
    if_match: IfMatch = None,
) -> LayoutView:
    """Tidy up: put every step of a version back to where it is computed to be."""
    with context.database.begin() as work:
        tidied = catalog.tidy_layout(work, caller, name, environment, which, expected=_expected(if_match))
        return LayoutView.of(tidied, response)
