"""Who calls from a hub's machine."""

from typing import Annotated

from fastapi import Depends, Request

from handrail.runtime.hub import Hub, hub_by_token
from handrail.surfaces.http.context import ContextDep


def _hub(request: Request, context: ContextDep) -> Hub:
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    with context.database.read() as work:
        return hub_by_token(work, token if scheme.lower() == "bearer" else "")


HubDep = Annotated[Hub, Depends(_hub)]
