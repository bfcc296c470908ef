"""The stream of what has changed, for open pages."""

import asyncio
from collections.abc import AsyncIterator
from typing import Annotated, Any, Final

from fastapi import APIRouter, Query, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import StreamingResponse

from handrail.kernel.errors import HandrailError
from handrail.surfaces.http.authentication import authenticate
from handrail.surfaces.http.context import PROBLEMS, CallerDep, Context, ContextDep

router = APIRouter(tags=["live"])
# A session that ends, or a role that goes, ends the stream within this time; the page opens it again, or signs in.
_LASTS_S: Final = 60.0
_STREAM: Final[dict[int | str, dict[str, Any]]] = {
    200: {"description": "Server-sent events.", "content": {"text/event-stream": {"schema": {"type": "string"}}}}
}


async def _while_signed_in(events: AsyncIterator[bytes], request: Request, context: Context) -> AsyncIterator[bytes]:
    loop = asyncio.get_running_loop()
    due = loop.time() + _LASTS_S
    async for event in events:
        yield event
        now = loop.time()
        if now >= due:
            due = now + _LASTS_S
            try:
                await run_in_threadpool(authenticate, request, context)
            except HandrailError:
                return


@router.get("/api/v1/live", responses=PROBLEMS | _STREAM, response_class=StreamingResponse)
async def live(
    request: Request,
    context: ContextDep,
    caller: CallerDep,
    seconds: Annotated[
        float, Query(ge=0, le=3600, description="End after the first event past this time; 0: never.")
    ] = 0,
) -> StreamingResponse:
    """Follow what changes: `{"changes": [{"area", "app"}], "calls": true}`, without what the caller may not see."""
    events = context.news.live.stream(caller, seconds)
    return StreamingResponse(_while_signed_in(events, request, context), media_type="text/event-stream")
