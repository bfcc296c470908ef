"""What a search refuses."""

from handrail.kernel.errors import Conflict, Invalid, NotFound


class QueryInvalid(Invalid):
    code = "query_invalid"


class CursorInvalid(Invalid):
    code = "cursor_invalid"


class ViewInvalid(Invalid):
    code = "view_invalid"


class ViewUnknown(NotFound):
    code = "view_unknown"


class ViewLimit(Conflict):
    code = "view_limit"
