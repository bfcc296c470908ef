"""Search over apps, the index behind it, and saved views."""

from handrail.registry.catalog.search.errors import CursorInvalid, QueryInvalid, ViewInvalid, ViewLimit, ViewUnknown
from handrail.registry.catalog.search.index import (
    ensure_index,
    index_faults,
    rebuild,
    set_allowed,
    set_held,
    touch,
    touch_person,
)
from handrail.registry.catalog.search.model import FLAGS, RUNS, STAGES, Asked, Count, Found, Item, Sort
from handrail.registry.catalog.search.service import search
from handrail.registry.catalog.search.views import SavedView, remove_view, save_view, saved_views

__all__ = [
    "FLAGS",
    "RUNS",
    "STAGES",
    "Asked",
    "Count",
    "CursorInvalid",
    "Found",
    "Item",
    "QueryInvalid",
    "SavedView",
    "Sort",
    "ViewInvalid",
    "ViewLimit",
    "ViewUnknown",
    "ensure_index",
    "index_faults",
    "rebuild",
    "remove_view",
    "save_view",
    "saved_views",
    "search",
    "set_allowed",
    "set_held",
    "touch",
    "touch_person",
]
