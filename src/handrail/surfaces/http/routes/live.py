"""The stream of what has changed, for open pages."""

from typing import Annotated, Any, Final

from fastapi import APIRouter, Query, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import StreamingResponse

from handrail.kernel.errors import HandrailError
from handrail.registry.identity import Caller
from handrail.surfaces.http.authentication import authenticate
from handrail.surfaces.http.context import PROBLEMS, CallerDep, ContextDep

router = APIRouter(tags=["live"])
_STREAM: Final[dict[int | str, dict[str, Any]]] = {
    200: {"description": "Server-sent events.", "content": {"text/event-stream": {"schema": {"type": "string"}}}}
}


@router.get("/api/v1/live", responses=PROBLEMS | _STREAM, response_class=StreamingResponse)
async def live(
    request: Request,
    context: ContextDep,
    _: CallerDep,
    seconds: Annotated[float, Query(ge=0, le=3600, description="End after this time; 0: never.")] = 0,
) -> StreamingResponse:
    """Follow what changes: `{"changes": [{"area", "app"}], "calls": true}`, without what the caller may not see."""

    async def reader() -> Caller | None:
        # A session that has ended ends the stream before anything more is told; a role that went tells less.
        try:
            return await run_in_threadpool(authenticate, request, context)
        except HandrailError:
            return None

    return StreamingResponse(context.news.live.stream(reader, seconds), media_type="text/event-stream")
