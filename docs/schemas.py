# ruff: noqa: INP001 - a script beside the documentation, no package
"""Write `schemas/`: the OpenAPI document and the JSON Schemas of the manifests. `make schemas` runs it."""

import json
import sys
from pathlib import Path
from typing import Final, cast

from handrail.language.manifest import KINDS, schema_text
from handrail.surfaces.http import Context, create_app

FOLDER: Final = Path(__file__).parents[1] / "schemas"


def openapi() -> str:
    """Return the OpenAPI document of the HTTP surface, in a stable order."""
    # What an application offers does not depend on its adapters, so it gets none.
    app = create_app(cast("Context", None))
    return json.dumps(app.openapi(), indent=2, sort_keys=True, ensure_ascii=False) + "\n"


def documents() -> dict[Path, str]:
    """Return every schema by its path."""
    manifests = {FOLDER / f"{kind.lower()}.schema.json": schema_text(kind) for kind in KINDS}
    return {FOLDER / "openapi.json": openapi(), **manifests}


def main() -> None:
    """Write the schemas that are not as they should be."""
    for path, text in documents().items():
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")
            sys.stderr.write(f"wrote {path}\n")


if __name__ == "__main__":
    main()
