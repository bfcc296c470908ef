"""Hostile instances and hostile addresses of them: nothing runs, nothing outside is read, nothing waits for ever."""

import json
import os
import socket
import subprocess
import threading
import time
from dataclasses import replace
from pathlib import Path

import pytest
from tests.rigs.governed import flow
from tests.rigs.n8n import KEY, N8n, workflow

from handrail.kernel.secret import Secret
from handrail.platform.git import GitFailed, GitRefused, GitTooLarge, Limits, Remote, Repository
from handrail.runtime.sources import Instance, ReadFailed, Unauthorised, Unreachable, Unreadable, read_n8n
from handrail.runtime.sources.folder import FolderReader
from handrail.runtime.sources.repository import GitReader

INSTANCE = Instance("i-1", "floor", "git", "", "private", "local", "t", "p", "", 30)


def git(folder: Path, *arguments: str) -> None:
    identity = {"GIT_AUTHOR_NAME": "a", "GIT_AUTHOR_EMAIL": "a@example.com", "GIT_CONFIG_GLOBAL": "/dev/null"}
    identity |= {"GIT_COMMITTER_NAME": "a", "GIT_COMMITTER_EMAIL": "a@example.com"}
    subprocess.run(["git", "-C", str(folder), *arguments], check=True, env={**os.environ, **identity})


def repository(folder: Path, **files: bytes) -> Path:
    folder.mkdir(parents=True)
    git(folder, "init", "-q", "-b", "main")
    for name, data in (files or {"a": flow()}).items():
        (folder / f"{name}.json").write_bytes(data)
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "-m", "x")
    return folder


@pytest.mark.parametrize(
    "address",
    [
        "ext::sh -c 'touch {mark}'",
        "ext::touch {mark}",
        "fd::17",
        "--upload-pack=touch {mark}",
        "-oProxyCommand=touch {mark}",
        "ssh://-oProxyCommand=touch%20{mark}/x",
        "ssh://git@example.com/x.git",
        "git@example.com:x.git",
        "git://example.com/x.git",
        "file://{origin}",
        "file:///etc",
        "relative/path",
        "../origin",
        "http://ada:hunter2@127.0.0.1/x.git",
        "http://127.0.0.1/x.git?service=x",
        "https://-host/x.git",
        "https:///x.git",
        "https://[::1/x.git",
        "HTTPS::https://example.com/x.git",
        "https://example.com:99999/x.git",
        "https://example.com/x.git\n--upload-pack=touch {mark}",
        "\\\\host\\share",
        "/etc",
        "/proc/self/root{origin}",
        "{outside}",
        "{link}",
    ],
)
def test_an_address_that_would_run_or_reach_something_else_is_refused(tmp_path: Path, address: str) -> None:
    inside = tmp_path / "inside"
    origin = repository(inside / "origin")
    outside = repository(tmp_path / "outside")
    (inside / "link").symlink_to(outside)
    mark = tmp_path / "mark"
    told = address.format(mark=mark, origin=origin, outside=outside, link=inside / "link")
    if told.startswith("/proc/"):
        pytest.importorskip("resource")
        expected = True  # It is the same folder by another way, and its real path is inside.
    else:
        expected = False
    reader = GitReader(tmp_path / "copies", [inside])
    try:
        reader(replace(INSTANCE, url=told), None, {})
        read = True
    except ReadFailed as error:
        read = False
        assert "hunter2" not in str(error)
    assert read is expected
    assert not mark.exists()


@pytest.mark.parametrize(
    "branch", ["--upload-pack=touch x", "-x", "a..b", "a b", "a:b", "+a", "a\nb", "a~1", "x" * 300]
)
def test_a_branch_that_is_an_option_or_more_than_a_name_is_refused(branch: str) -> None:
    with pytest.raises(GitRefused):
        _ = Remote("https://example.com/x.git", branch).protocol


def test_what_a_hostile_repository_configures_runs_nothing(tmp_path: Path) -> None:
    origin = repository(tmp_path / "inside" / "origin")
    mark = tmp_path / "mark"
    program = tmp_path / "program"
    program.write_text(f"#!/bin/sh\ntouch {mark}\n")
    program.chmod(0o755)
    for name in (
        "core.fsmonitor",
        "core.sshCommand",
        "core.gitProxy",
        "core.pager",
        "core.editor",
        "core.askPass",
        "core.alternateRefsCommand",
        "uploadpack.packObjectsHook",
        "credential.helper",
        "filter.x.smudge",
        "gpg.program",
        "diff.external",
        "remote.origin.uploadpack",
    ):
        git(origin, "config", name, str(program))
    git(origin, "config", "core.hooksPath", str(tmp_path))
    for hook in ("post-checkout", "reference-transaction", "pre-auto-gc", "post-index-change", "fsmonitor-watchman"):
        path = origin / ".git" / "hooks" / hook
        path.parent.mkdir(exist_ok=True)
        path.write_text(program.read_text())
        path.chmod(0o755)
    (origin / ".gitattributes").write_text("*.json filter=x\n")
    (origin / ".gitmodules").write_text(f'[submodule "s"]\n path = s\n url = ext::{program}\n')
    git(origin, "-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null", "-c", "filter.x.smudge=", "add", "-A")
    mark.unlink(missing_ok=True)
    git(origin, "-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null", "commit", "-q", "-m", "y")
    mark.unlink(missing_ok=True)
    found = GitReader(tmp_path / "copies", [tmp_path / "inside"])(replace(INSTANCE, url=str(origin)), None, {})
    assert [file.path for file in found.files] == ["a.json"]
    assert not mark.exists()


def test_a_repository_that_is_too_large_is_refused_not_kept(tmp_path: Path) -> None:
    origin = repository(tmp_path / "origin", a=os.urandom(3_000_000))
    copy = Repository(tmp_path / "copy.git", Limits(file_bytes=1_000_000))
    remote = Remote(str(origin))
    with pytest.raises(GitTooLarge):
        copy.fetch(remote, copy.head(remote))
    assert sum(path.lstat().st_size for path in (tmp_path / "copy.git").rglob("*")) < 2_500_000


def test_a_tree_with_too_many_files_is_refused(tmp_path: Path) -> None:
    origin = repository(tmp_path / "origin", **{f"f{number}": b"{}" for number in range(30)})
    copy = Repository(tmp_path / "copy.git", Limits(entries=20))
    remote = Remote(str(origin))
    commit = copy.head(remote)
    copy.fetch(remote, commit)
    with pytest.raises(GitTooLarge):
        copy.tree(commit)


def test_a_server_that_never_answers_is_left_in_time(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        copy = Repository(tmp_path / "copy.git", Limits(ask_s=1))
        began = time.monotonic()
        with pytest.raises(GitFailed):
            copy.head(Remote(f"http://127.0.0.1:{silent.getsockname()[1]}/x", clear=True))
        assert time.monotonic() - began < 5


def test_a_redirect_to_somewhere_else_is_not_followed(tmp_path: Path) -> None:
    from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

    reached: list[str] = []

    class Elsewhere(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            reached.append(self.path)
            self.send_response(302)
            self.send_header("location", f"http://127.0.0.1:{server.server_address[1]}/inner/info/refs")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Elsewhere)
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    try:
        with pytest.raises(GitFailed):
            Repository(tmp_path / "c.git").head(Remote(f"http://127.0.0.1:{server.server_address[1]}/x", clear=True))
    finally:
        server.shutdown()
        server.server_close()
    assert not any(path.startswith("/inner") for path in reached)


# Folders


def test_links_pipes_and_what_lies_outside_are_not_read(tmp_path: Path) -> None:
    root, outside = tmp_path / "inside" / "flows", tmp_path / "outside"
    root.mkdir(parents=True)
    outside.mkdir()
    (outside / "secret.json").write_bytes(flow("canary"))
    (root / "a.json").write_bytes(flow())
    (root / "link.json").symlink_to(outside / "secret.json")
    (root / "folder").symlink_to(outside)
    (root / "loop").symlink_to(root)
    os.mkfifo(root / "pipe.json")
    (root / "empty.json").write_bytes(b"")
    with (root / "huge.json").open("wb") as huge:
        huge.truncate(1 << 40)
    reader = FolderReader([tmp_path / "inside"])
    found = reader(replace(INSTANCE, platform="folder", url=str(root)), None, {})
    assert [file.path for file in found.files] == ["a.json"]
    (tmp_path / "inside" / "door").symlink_to(outside)
    for path in (
        str(outside),
        f"{root}/../../outside",
        str(tmp_path / "inside" / "door"),
        "/",
        "/etc",
        str(tmp_path / "nowhere"),
        str(root / "a.json"),
        f"{root}\0",
    ):
        with pytest.raises(Unreachable) as refused:
            reader(replace(INSTANCE, platform="folder", url=path), None, {})
        assert "canary" not in str(refused.value)


def test_without_a_setting_no_folder_is_read(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_bytes(flow())
    with pytest.raises(Unreachable):
        FolderReader()(replace(INSTANCE, platform="folder", url=str(tmp_path)), None, {})
    with pytest.raises(Unreachable):
        GitReader(tmp_path / "copies")(replace(INSTANCE, url=str(tmp_path)), None, {})


# n8n

HOSTILE = {
    "deep": b'{"data": [' + b"[" * 200_000 + b"]" * 200_000 + b'], "nextCursor": null}',
    "no object": b"[]",
    "no list": b'{"data": {"id": 1}}',
    "no id": b'{"data": [{"name": "x"}]}',
    "truncated": b'{"data": [{"id": "1"',
    "not utf-8": b'{"data": ["\xff\xfe"]}',
    "long number": b'{"data": [' + b"9" * 10_000 + b"]}",
    "a cursor without end": b'{"data": [], "nextCursor": "again"}',
    "a cursor that is none": b'{"data": [], "nextCursor": {"a": 1}}',
}


@pytest.mark.parametrize("name", HOSTILE)
def test_an_n8n_that_answers_nonsense_is_unreadable(name: str) -> None:
    with N8n() as n8n:
        n8n.raw = HOSTILE[name]
        with pytest.raises(Unreadable) as refused:
            read_n8n(replace(INSTANCE, platform="n8n", url=n8n.url), Secret(KEY))
        assert len(str(refused.value)) < 300


def test_an_n8n_that_answers_too_much_or_too_slowly_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    from handrail.runtime.sources import n8n as reader

    monkeypatch.setattr(reader, "PAGE_BYTES", 1_000_000)
    with N8n() as n8n:
        n8n.raw = b" " * 3_000_000
        with pytest.raises(Unreadable):
            read_n8n(replace(INSTANCE, platform="n8n", url=n8n.url), Secret(KEY))
        n8n.raw, n8n.slow_s = b" " * 1_000, 0.05
        began = time.monotonic()
        with pytest.raises(Unreachable):
            read_n8n(replace(INSTANCE, platform="n8n", url=n8n.url), Secret(KEY), deadline_s=1)
        assert time.monotonic() - began < 5


def test_a_workflow_id_leads_nowhere_else() -> None:
    with N8n(workflow("../../../rest/users?x=1#", "One")) as n8n:
        n8n.left_out = ("nodes", "activeVersion")
        with pytest.raises(ReadFailed):
            read_n8n(replace(INSTANCE, platform="n8n", url=n8n.url), Secret(KEY))
        assert n8n.asked[-1] == "/api/v1/workflows/..%2F..%2F..%2Frest%2Fusers%3Fx%3D1%23"


def test_an_n8n_on_a_private_address_is_not_called_from_a_public_instance() -> None:
    with N8n() as n8n:
        with pytest.raises(Unreachable):
            read_n8n(replace(INSTANCE, platform="n8n", url=n8n.url, network="public"), Secret(KEY))
        assert n8n.asked == []


def test_the_key_is_in_no_failure() -> None:
    with N8n() as n8n:
        n8n.raw = json.dumps({"data": [], "echo": KEY}).encode()[:-3]
        for key in (KEY, "another-canary"):
            with pytest.raises((Unreadable, Unauthorised)) as refused:
                read_n8n(replace(INSTANCE, platform="n8n", url=n8n.url), Secret(key))
            assert key not in f"{refused.value!r}{refused.value.__context__!r}"
