"""Absolute links back to the upstream become links to the hub, so that the second page is a governed call too.

Lua, because nothing else in Envoy 1.40 replaces text in an answer's header; it runs only where a connection asks.
"""

from typing import Final
from urllib.parse import urlsplit

from handrail.runtime.hub.envoy.message import Json, extension
from handrail.runtime.hub.model import DeclaredConnection

HERE_HEADER: Final = "x-handrail-here"
"""What the links lead to when a call came by its own host name; a client's own header of this name is stripped."""
_SCRIPT: Final = """
local from = {from_}
local configured = {to}
local function replaced(text, to)
  local parts, start = {{}}, 1
  while true do
    local first, last = string.find(text, from, start, true)
    if first == nil then break end
    local after = string.sub(text, last + 1, last + 1)
    table.insert(parts, string.sub(text, start, first - 1))
    if after == "" or after == "/" or after == "?" or after == ">" then
      table.insert(parts, to)
    else
      table.insert(parts, from)
    end
    start = last + 1
  end
  table.insert(parts, string.sub(text, start))
  return table.concat(parts)
end
function envoy_on_request(handle)
  local here = handle:headers():get("{header}")
  if here ~= nil then
    handle:headers():remove("{header}")
    handle:streamInfo():dynamicMetadata():set("handrail.links", "to", here)
  end
end
function envoy_on_response(handle)
  local headers = handle:headers()
  local to = (handle:streamInfo():dynamicMetadata():get("handrail.links") or {{}})["to"] or configured
  for _, name in ipairs({{"location", "link", "content-location"}}) do
    local text = headers:get(name)
    if text ~= nil then headers:replace(name, replaced(text, to)) end
  end
end
"""


def links_filter(connection: DeclaredConnection, hub_url: str) -> Json:
    """Return the upstream filter that rewrites `Location`, `Content-Location` and `Link`."""
    url = urlsplit(connection.upstream)
    script = _SCRIPT.format(
        from_=_quoted(f"{url.scheme}://{url.netloc}{url.path.rstrip('/')}"),
        to=_quoted(f"{hub_url}/{connection.name}"),
        header=HERE_HEADER,
    )
    return extension("links", "envoy.extensions.filters.http.lua.v3.Lua", default_source_code={"inline_string": script})


def _quoted(text: str) -> str:
    escaped = "".join(character if character.isalnum() else f"\\{ord(character):03d}" for character in text)
    return f'"{escaped}"'
