"""The HTTP surface: API, token service and hub endpoints."""

from handrail.surfaces.http.app import create_app
from handrail.surfaces.http.context import Context, DemoPerson

__all__ = ["Context", "DemoPerson", "create_app"]
