"""Readers of n8n, git and folders: each against what it will meet, on loopback and in folders of its own."""

import base64
import os
import subprocess
import threading
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from tests.rigs.governed import flow
from tests.rigs.n8n import KEY, N8n, published, workflow

from handrail.kernel.secret import Secret
from handrail.language.importers import read_artefact
from handrail.runtime import sources
from handrail.runtime.sources import Instance, Reading, Unauthorised, Unreachable, read_n8n
from handrail.runtime.sources.folder import FolderReader
from handrail.runtime.sources.repository import GitReader

INSTANCE = Instance("i-1", "floor", "n8n", "", "private", "local", "t", "p", "", 30)


def of(platform: str, url: str, **more: object) -> Instance:
    return replace(INSTANCE, platform=platform, url=url, **more)


def known(reading: Reading) -> dict[str, str]:
    return {file.path: file.version for file in reading.files}


# n8n


@pytest.fixture
def n8n() -> Iterator[N8n]:
    with N8n() as running:
        yield running


def read(n8n: N8n, seen: dict[str, str] | None = None, key: str = KEY, **more: object) -> Reading:
    return read_n8n(of("n8n", n8n.url), Secret(key), seen, **more)


def test_every_page_is_read_and_a_workflow_is_one_file(n8n: N8n) -> None:
    n8n.workflows = [workflow(f"wf{number}", f"Flow {number}") for number in range(250)]
    found = read(n8n)
    assert len(found.files) == 250
    assert found.complete
    assert len(n8n.asked) == 3
    first = found.files[0]
    assert (first.path, first.name, first.active, first.author) == ("wf0.json", "Flow 0", False, "")
    assert first.updated_at == 1_770_091_506_000_000
    assert read_artefact(first.data, first.path).name == "Flow 0"


def test_what_is_published_counts_not_what_is_saved_since(n8n: N8n) -> None:
    running = published(workflow("wf1", "Invoices", "Approved text"), "v-1")
    n8n.workflows = [{**running, "nodes": workflow("wf1", "Invoices", "Draft text")["nodes"], "versionId": "v-2"}]
    (file,) = read(n8n).files
    assert b"Approved text" in file.data
    assert b"Draft text" not in file.data
    assert file.version.startswith("v-1@")
    assert (file.active, file.author) == (True, "Ada Lovelace")


def test_a_list_that_only_names_what_is_published_is_not_taken_for_what_runs(n8n: N8n) -> None:
    running = published(workflow("wf1", "Invoices", "Approved text"), "v-1")
    n8n.workflows = [{**running, "nodes": workflow("wf1", "Invoices", "Draft text")["nodes"], "versionId": "v-2"}]
    n8n.left_out = ("activeVersion",)
    (file,) = read(n8n).files
    assert b"Approved text" in file.data
    assert b"Draft text" not in file.data


def test_a_name_that_no_database_keeps_hides_nothing(n8n: N8n) -> None:
    n8n.workflows = [workflow("wf1", "Sal\0es \ud83d", updatedAt="2026-02-03T04:05:06\0Z"), workflow("wf2", "Two")]
    first, second = read(n8n).files
    assert (first.name, second.name) == ("Sal\N{REPLACEMENT CHARACTER}es \N{REPLACEMENT CHARACTER}", "Two")
    assert "\0" not in first.version


def test_what_is_known_is_not_handed_on_again_and_an_edit_is(n8n: N8n) -> None:
    n8n.workflows = [workflow("wf1", "One"), workflow("wf2", "Two")]
    seen = known(read(n8n))
    assert [file.data for file in read(n8n, seen).files] == [None, None]
    n8n.workflows[1] = workflow("wf2", "Two", "Edited", updatedAt="2026-02-03T05:00:00.000Z")
    assert [file.data is None for file in read(n8n, seen).files] == [True, False]


def test_a_list_without_nodes_is_completed_one_by_one_for_what_changed(n8n: N8n) -> None:
    n8n.workflows = [workflow("wf1", "One"), workflow("wf2", "Two")]
    n8n.left_out = ("nodes", "connections", "activeVersion")
    seen = known(read(n8n))
    assert n8n.asked[1:] == ["/api/v1/workflows/wf1", "/api/v1/workflows/wf2"]
    n8n.workflows[0]["updatedAt"] = "2026-03-01T00:00:00.000Z"
    read(n8n, seen)
    assert n8n.asked[-1] == "/api/v1/workflows/wf1"


def test_an_export_and_what_the_api_gives_are_one_version(n8n: N8n) -> None:
    import json

    held = published(workflow("wf1", "One"), "v-1")
    n8n.workflows = [held]
    export = {
        name: held[name] for name in ("name", "nodes", "pinData", "connections", "settings", "meta", "tags", "id")
    }
    export |= {"active": True, "versionId": "v-1"}
    (file,) = read(n8n).files
    live = read_artefact(file.data, file.path)
    assert live.source_digest == read_artefact(json.dumps(export).encode(), "one.json").source_digest


def test_archived_workflows_do_not_run(n8n: N8n) -> None:
    n8n.workflows = [workflow("wf1", "One", isArchived=True)]
    assert read(n8n).files == ()


def test_a_wrong_key_and_a_wish_for_quiet_are_told_apart(n8n: N8n) -> None:
    with pytest.raises(Unauthorised):
        read(n8n, key="wrong")
    n8n.quiet_s = 77
    with pytest.raises(Unreachable) as refused:
        read(n8n)
    assert refused.value.retry_after_s == 77
    assert KEY not in str(refused.value)


def test_pages_that_are_too_large_are_asked_for_in_smaller_ones(n8n: N8n, monkeypatch: pytest.MonkeyPatch) -> None:
    from handrail.runtime.sources import n8n as reader

    n8n.workflows = [workflow(f"wf{number}", "Flow", "x" * 1000) for number in range(20)]
    monkeypatch.setattr(reader, "PAGE_BYTES", 45_000)
    assert len(read(n8n).files) == 20
    assert "limit=10" in n8n.asked[-1]


# Folders


def test_a_folder_is_listed_and_only_what_changed_is_opened(tmp_path: Path) -> None:
    root = tmp_path / "flows"
    (root / "team").mkdir(parents=True)
    (root / "a.json").write_bytes(flow())
    (root / "team" / "b.json").write_bytes(flow("Good night"))
    (root / "notes.txt").write_text("nothing")
    (root / ".git").mkdir()
    (root / ".git" / "c.json").write_bytes(flow())
    reader = FolderReader([tmp_path])
    first = reader(of("folder", str(root)), None, {})
    assert [file.path for file in first.files] == ["a.json", "team/b.json"]
    again = reader(of("folder", str(root)), None, known(first))
    assert [file.data for file in again.files] == [None, None]
    # Touched, and the same: its digest is taken anew, its content handed on by nobody.
    os.utime(root / "a.json", (1, 1))
    assert [file.data for file in reader(of("folder", str(root)), None, known(first)).files] == [None, None]
    (root / "a.json").write_bytes(flow("Good evening"))
    changed = reader(of("folder", str(root)), None, known(first))
    assert [file.path for file in changed.files if file.data] == ["a.json"]
    # Another process knows the same files by the same versions.
    other = FolderReader([tmp_path])(of("folder", str(root)), None, known(changed))
    assert [file.data for file in other.files] == [None, None]


# git


def git(folder: Path, *arguments: str) -> str:
    identity = {"GIT_AUTHOR_NAME": "a", "GIT_AUTHOR_EMAIL": "a@example.com", "GIT_CONFIG_GLOBAL": "/dev/null"}
    identity |= {"GIT_COMMITTER_NAME": "a", "GIT_COMMITTER_EMAIL": "a@example.com"}
    done = subprocess.run(
        ["git", "-C", str(folder), *arguments],
        check=True,
        capture_output=True,
        text=True,
        env={**os.environ, **identity},
    )
    return done.stdout.strip()


@pytest.fixture
def origin(tmp_path: Path) -> Path:
    folder = tmp_path / "origins" / "flows"
    folder.mkdir(parents=True)
    git(folder, "init", "-q", "-b", "main")
    (folder / "a.json").write_bytes(flow())
    (folder / "team").mkdir()
    (folder / "team" / "b.json").write_bytes(flow("Good night"))
    (folder / "link.json").symlink_to("/etc/passwd")
    commit(folder)
    return folder


def commit(folder: Path) -> None:
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "-m", "x")


@pytest.fixture
def reader(tmp_path: Path) -> GitReader:
    return GitReader(tmp_path / "copies", [tmp_path / "origins"])


def test_a_repository_is_listed_by_blob_and_only_what_changed_is_opened(origin: Path, reader: GitReader) -> None:
    instance = of("git", str(origin))
    first = reader(instance, None, {})
    assert [(file.path, file.data) for file in first.files] == [("a.json", flow()), ("team/b.json", flow("Good night"))]
    assert first.files[0].version == git(origin, "rev-parse", "HEAD:a.json")
    assert [file.data for file in reader(instance, None, known(first)).files] == [None, None]
    (origin / "a.json").write_bytes(flow("Good evening"))
    # Not committed: nothing has changed.
    assert [file.data for file in reader(instance, None, known(first)).files] == [None, None]
    commit(origin)
    assert [file.path for file in reader(instance, None, known(first)).files if file.data] == ["a.json"]


def test_a_branch_is_chosen_behind_the_hash_and_a_missing_one_is_told(origin: Path, reader: GitReader) -> None:
    git(origin, "checkout", "-q", "-b", "draft/one")
    (origin / "c.json").write_bytes(flow("Draft"))
    commit(origin)
    git(origin, "checkout", "-q", "main")
    assert len(reader(of("git", str(origin)), None, {}).files) == 2
    assert len(reader(of("git", f"{origin}#draft/one"), None, {}).files) == 3
    with pytest.raises(Unreachable):
        reader(of("git", f"{origin}#nowhere"), None, {})


def test_a_history_that_was_written_anew_is_followed(origin: Path, reader: GitReader) -> None:
    reader(of("git", str(origin)), None, {})
    (origin / "a.json").write_bytes(flow("Rewritten"))
    git(origin, "add", "-A")
    git(origin, "commit", "-q", "--amend", "-m", "y")
    assert reader(of("git", str(origin)), None, {}).files[0].data == flow("Rewritten")


class GitServer:
    """Serves repositories over HTTP with git's own program; wants a token, and answers for any host name."""

    TOKEN = "canary-git-token"

    def __init__(self, root: Path) -> None:
        self.asked: list[str] = []
        rig = self

        class Handler(BaseHTTPRequestHandler):
            def answer(self) -> None:
                rig.asked.append(self.path)
                given = self.headers.get("authorization", "")
                if given != "Basic " + base64.b64encode(f"git:{rig.TOKEN}".encode()).decode():
                    self.send_response(401)
                    self.send_header("www-authenticate", "Basic")
                    self.send_header("content-length", "0")
                    self.end_headers()
                    return
                parts = urlsplit(self.path)
                body = self.rfile.read(int(self.headers.get("content-length") or 0))
                environment = {
                    "PATH": os.environ["PATH"],
                    "GIT_PROJECT_ROOT": str(root),
                    "GIT_HTTP_EXPORT_ALL": "1",
                    "PATH_INFO": parts.path,
                    "QUERY_STRING": parts.query,
                    "REQUEST_METHOD": self.command,
                    "CONTENT_TYPE": self.headers.get("content-type", ""),
                    "CONTENT_LENGTH": str(len(body)),
                    "HTTP_CONTENT_ENCODING": self.headers.get("content-encoding", ""),
                    "GIT_PROTOCOL": self.headers.get("git-protocol", ""),
                    "REMOTE_USER": "git",
                }
                done = subprocess.run(
                    ["git", "http-backend"], input=body, capture_output=True, env=environment, check=False
                )
                head, _, rest = done.stdout.partition(b"\r\n\r\n")
                headers = dict(line.split(": ", 1) for line in head.decode().split("\r\n") if line)
                self.send_response(int(headers.pop("Status", "200").split()[0]))
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header("content-length", str(len(rest)))
                self.end_headers()
                self.wfile.write(rest)

            do_GET = do_POST = answer  # noqa: N815 - the names that the base class calls

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()


@pytest.fixture
def server(origin: Path) -> Iterator[GitServer]:
    running = GitServer(origin.parent)
    yield running
    running.server.shutdown()
    running.server.server_close()


def test_a_repository_is_read_over_http_with_its_token(server: GitServer, reader: GitReader) -> None:
    instance = of("git", f"http://127.0.0.1:{server.port}/flows")
    found = reader(instance, Secret(server.TOKEN), {})
    assert [file.path for file in found.files] == ["a.json", "team/b.json"]
    asked = len(server.asked)
    reader(instance, Secret(server.TOKEN), known(found))
    # The same commit: asked for, not fetched again.
    assert len(server.asked) - asked <= 2
    for wrong in (Secret("wrong"), None):
        with pytest.raises(Unauthorised) as refused:
            reader(instance, wrong, {})
        assert server.TOKEN not in str(refused.value)


def test_git_is_told_the_address_that_was_checked(
    server: GitServer, reader: GitReader, monkeypatch: pytest.MonkeyPatch
) -> None:
    from handrail.runtime.sources import repository

    monkeypatch.setattr(repository, "resolve", lambda _host: ("127.0.0.1",))
    instance = of("git", f"http://flows.example.test:{server.port}/flows")
    assert reader(instance, Secret(server.TOKEN), {}).files
    with pytest.raises(Unreachable) as refused:
        reader(replace(instance, network="public", url=f"https://flows.example.test:{server.port}/x"), None, {})
    assert "loopback" in str(refused.value) or "this machine" in str(refused.value)


def test_the_platforms_have_their_readers(tmp_path: Path, n8n: N8n, origin: Path) -> None:
    readers = sources.Readers(tmp_path / "copies", [tmp_path / "origins"])
    n8n.workflows = [workflow("wf1", "One")]
    assert len(readers(of("n8n", n8n.url), Secret(KEY), {}).files) == 1
    assert len(readers(of("git", str(origin)), None, {}).files) == 2
    assert len(readers(of("folder", str(origin)), None, {}).files) == 2
    with pytest.raises(Unauthorised):
        readers(of("node-red", n8n.url), Secret(KEY), {})
