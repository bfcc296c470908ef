"""`handrail adopt DIR`: what cannot be read or named stops nothing, and is never taken for gone."""

from pathlib import Path
from typing import Any

import pytest

from handrail.surfaces.cli import adopting, definition_files


class Server:
    """Answers as the inventory does when it knows nothing, and keeps what it was asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, dict[str, Any]]] = []

    def post(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        self.asked.append((path, body))
        return {"needed": [each["path"] for each in body.get("files", ())], "gone": []}

    def get(self, path: str, **_: Any) -> dict[str, Any]:
        if path.endswith("files"):
            return {"items": [], "next": None}
        return {"total": 1, "facets": {"risk": []}}

    def named(self, path: str) -> list[list[str]]:
        return [[each["path"] for each in body["files"]] for asked, body in self.asked if asked == path]


def adopt(folder: Path) -> Server:
    server = Server()
    adopting.adopt_folder(server, folder, origin="", team="ops", dry_run=False, output="json")  # type: ignore[arg-type]
    return server


def test_a_name_that_no_inventory_holds_stops_no_other_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("a.json", "b\N{NO-BREAK SPACE}c.json", "d\u202ee.json", "f\n.json"):
        (tmp_path / name).write_text("{}")
    server = adopt(tmp_path)
    assert server.named("/api/v1/estate/known") == [["a.json"]]
    assert server.asked[-1] == ("/api/v1/estate/finish", {"origin": tmp_path.name, "team": "ops", "paths": ["a.json"]})
    assert capsys.readouterr().err.count("rename it") == 3


def test_what_lies_in_a_folder_that_cannot_be_listed_is_not_gone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "a.json").write_text("{}")
    (tmp_path / "closed").mkdir()
    listed = definition_files.os.scandir

    def scandir(folder: Path) -> Any:
        if Path(folder).name == "closed":
            raise PermissionError(13, "Permission denied")
        return listed(folder)

    monkeypatch.setattr(definition_files.os, "scandir", scandir)
    server = Server()
    with pytest.raises(SystemExit) as ended:
        adopting.adopt_folder(server, tmp_path, origin="", team="ops", dry_run=False, output="json")  # type: ignore[arg-type]
    assert ended.value.code == 1
    assert [path for path, _ in server.asked] == ["/api/v1/estate/known", "/api/v1/estate/files"]
    assert "Nothing is taken for gone" in capsys.readouterr().err
