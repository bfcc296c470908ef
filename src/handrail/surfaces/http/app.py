"""Puts the routes together."""

import importlib
import pkgutil
from typing import Any, Final

from fastapi import FastAPI
from fastapi.routing import APIRoute

from handrail import __version__
from handrail.surfaces.http import problem, routes
from handrail.surfaces.http.context import Context
from handrail.surfaces.http.limits import Envelope
from handrail.surfaces.http.portal import portal_route

_PROBLEM: Final = {"$ref": "#/components/schemas/Problem"}


class _Api(FastAPI):
    """An application whose document names the media type of problems, which the framework takes for plain JSON."""

    def openapi(self) -> dict[str, Any]:
        known = self.openapi_schema
        found = super().openapi()
        if known is None:
            operations = (operation for methods in found["paths"].values() for operation in methods.values())
            for content in (answer.get("content", {}) for each in operations for answer in each["responses"].values()):
                if content.get("application/json", {}).get("schema") == _PROBLEM:
                    content["application/problem+json"] = content.pop("application/json")
        return found


def _operation_id(route: APIRoute) -> str:
    return route.name


def create_app(context: Context) -> FastAPI:
    """Build the application that granian (or uvicorn) serves.

    Every module in `routes` has a `router`; there is no other list to keep.
    """
    app = _Api(
        title="Handrail",
        version=__version__,
        description="What was approved is what may run.",
        docs_url=None,
        redoc_url=None,
        openapi_url="/api/openapi.json",
        # The portal's client names its functions after these.
        generate_unique_id_function=_operation_id,
        # A path with a slash too many is unknown: a redirect would go wherever the Host header says.
        redirect_slashes=False,
    )
    app.state.context = context
    for found in sorted(pkgutil.iter_modules(routes.__path__), key=lambda module: module.name):
        app.include_router(importlib.import_module(f"{routes.__name__}.{found.name}").router)
    app.router.routes.append(portal_route())
    problem.install(app)
    app.add_middleware(Envelope)
    return app
