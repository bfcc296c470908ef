"""What a caller may try at the hub, against a real Envoy with the compiled files of one declared state."""

import base64
import hmac
import http.server
import json
import socket
import threading
import time
import uuid
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from joserfc import jwk, jwt
from tests.rigs.gateway import Gateway, Signer

from handrail.runtime.hub.model import DeclaredConnection, DeclaredOperation, DeclaredState, EndedKey, Refusal

pytestmark = pytest.mark.xdist_group("gateway")
DIGEST = "c1:sha256:" + "ab" * 32
APP, OTHER, CHANGED = (str(uuid.uuid4()) for _ in range(3))
KEY = f"{APP}:production:{DIGEST}"
ENDED = f"{APP}:production:c1:sha256:{'ee' * 32}"
SECRET = "Bearer upstream-canary-6b1f"


class Upstream(http.server.ThreadingHTTPServer):
    """Remembers every call."""

    def __init__(self) -> None:
        self.seen: list[tuple[str, str, dict[str, str]]] = []
        super().__init__(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.serve_forever, daemon=True).start()


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Upstream

    def _answer(self) -> None:
        self.rfile.read(int(self.headers.get("content-length") or 0))
        self.server.seen.append((self.command, self.path, {k.lower(): v for k, v in self.headers.items()}))
        me = f"http://127.0.0.1:{self.server.server_port}"
        self.send_response(int(self.path.rpartition("status=")[2] or 200) if "status=" in self.path else 200)
        if "page" in self.path:
            self.send_header(
                "Link", f'<{me}/api/x?page=2>; rel="next", <{me}/api/x?page=9>; rel="last", <{me}x/y>; rel="z"'
            )
            self.send_header("Location", f"{me}/api/other?x=1")
        self.send_header("content-length", "2")
        self.end_headers()
        self.wfile.write(b"ok")

    do_GET = do_POST = do_DELETE = _answer  # noqa: N815 - the names that the base class calls

    def log_message(self, *_: object) -> None:
        pass


class Answer:
    def __init__(self, raw: bytes) -> None:
        head, _, self.body = raw.partition(b"\r\n\r\n")
        lines = head.decode().split("\r\n")
        self.status = int(lines[0].split()[1])
        self.headers = {k.lower(): v.strip() for k, _, v in (line.partition(":") for line in lines[1:])}

    @property
    def code(self) -> str:
        return json.loads(self.body)["code"] if self.body.startswith(b"{") else ""


class Rig:
    def __init__(self, folder: Path) -> None:
        self.upstream = Upstream()
        self.signer, self.sandbox = Signer(), Signer("sandbox")
        call = DeclaredOperation
        self.connection = DeclaredConnection(
            name="crm",
            environment="production",
            upstream=f"http://127.0.0.1:{self.upstream.server_port}/api",
            network="private",
            credential="crm",
            calls_per_minute=60_000,
            burst=1000,
            operations=(
                call("x.get", "GET", "/x", (KEY,)),
                call("x.post", "POST", "/x", ()),
                call("users.get", "GET", "/users/{id}", (KEY,)),
                call("users.admin", "GET", "/users/admin", ()),
            ),
        )
        tight = replace(self.connection, name="tight", calls_per_minute=1, burst=3, credential="tight")
        unset = replace(self.connection, name="unset", credential="unset")
        self.state = DeclaredState(
            revision=1,
            hub_url="http://hub.test",
            environments=("production", "sandbox"),
            issuers=(self.signer.issuer(), self.sandbox.issuer()),
            connections=(self.connection, tight, unset),
            refusals=(Refusal(CHANGED, "production", "step 'Post' now also calls 100% more", "Review it.", ("crm",)),),
            ended=(EndedKey(ENDED, "The approval of version 1 was revoked.", "Run version 2.", ("crm",)),),
        )
        self.gateway = Gateway(folder)
        (self.gateway.secrets / "unset.json").write_text('{"resources":[]}')
        self.gateway.apply(self.state, {"crm": SECRET, "tight": SECRET})
        self.gateway.start()
        self.token = self.signer.token(KEY)

    def call(self, path: str, token: str | None = "", method: str = "GET", *headers: str) -> Answer:
        lines = [f"{method} {path} HTTP/1.1", "host: hub", "connection: close", "content-length: 0", *headers]
        if token is not None:
            lines.append(f"authorization: Bearer {token or self.token}")
        with socket.create_connection(("127.0.0.1", self.gateway.port), 5) as wire:
            wire.sendall("\r\n".join([*lines, "", ""]).encode())
            raw = b""
            while chunk := wire.recv(65536):
                raw += chunk
        return Answer(raw)


@pytest.fixture(scope="module")
def rig(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rig]:
    made = Rig(tmp_path_factory.mktemp("gateway"))
    yield made
    made.gateway.stop()
    made.upstream.shutdown()


def test_a_granted_call_reaches_the_upstream_with_the_injected_credential_and_without_ours(rig: Rig) -> None:
    answer = rig.call("/crm/x?a=1")
    assert (answer.status, answer.body) == (200, b"ok")
    method, path, headers = rig.upstream.seen[-1]
    assert (method, path, headers["authorization"]) == ("GET", "/api/x?a=1", SECRET)
    assert rig.token not in str(headers)
    assert not [name for name in headers if name.startswith(("x-handrail", "x-envoy"))]
    assert SECRET not in str(answer.headers)
    assert answer.headers["x-request-id"] == headers["x-request-id"]


def test_the_callers_trace_goes_on_to_the_upstream(rig: Rig) -> None:
    trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
    assert rig.call("/crm/x", "", "GET", f"traceparent: {trace}", "x-request-id: mine").status == 200
    headers = rig.upstream.seen[-1][2]
    assert headers["traceparent"] == trace
    assert headers["x-request-id"] != "mine"


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("/crm/users/admin", "grant_missing"),
        ("/crm/users/%61dmin", "grant_missing"),
        ("/crm/users/%41dmin", "grant_missing"),
        ("/crm/users/1/../admin", "grant_missing"),
        ("/crm/users/Admin", "grant_missing"),
        ("/crm/users/./admin", "grant_missing"),
        ("/crm/users//admin", "grant_missing"),
        ("/crm/users/%2e%2e/users/admin", "grant_missing"),
        ("/crm/users/a%25", "grant_missing"),
        ("/crm/users/a;b", "grant_missing"),
        ("/crm/users/a%3Bb", "grant_missing"),
        ("/crm/users/a%2fb", "request_invalid"),
        ("/crm/users/a%5cb", "request_invalid"),
        ("/crm/users/a%00", "request_invalid"),
        ("/crm/X", "grant_missing"),
        ("/crm/x/", "grant_missing"),
        ("/crm/x;v=1", "grant_missing"),
        ("/CRM/x", "connection_unknown"),
        ("/crm/../x", "connection_unknown"),
        ("/crm", "connection_unknown"),
        ("/", "connection_unknown"),
    ],
)
def test_a_path_trick_never_reaches_another_operation(rig: Rig, path: str, code: str) -> None:
    before = len(rig.upstream.seen)
    answer = rig.call(path)
    assert answer.code == code
    assert answer.status == {"grant_missing": 403, "request_invalid": 400, "connection_unknown": 404}[code]
    assert answer.headers["content-type"] == "application/problem+json"
    assert len(rig.upstream.seen) == before


def test_what_is_judged_is_what_is_forwarded(rig: Rig) -> None:
    for path, forwarded in {
        "/crm/y/../x": "/api/x",
        "/crm//x": "/api/x",
        "/crm/users/..;/x": "/api/x",
        "/crm/x?next=/../users/admin": "/api/x?next=/../users/admin",
        "/crm/users/a%20b": "/api/users/a%20b",
    }.items():
        assert rig.call(path).status == 200
        assert rig.upstream.seen[-1][1] == forwarded


def test_another_method_is_another_operation(rig: Rig) -> None:
    assert rig.call("/crm/x", "", "POST").code == "grant_missing"
    assert rig.call("/crm/x", "", "DELETE").code == "grant_missing"


@pytest.mark.parametrize(
    "name", ["x-http-method-override", "x-method-override", "x-http-method", "x-original-url", "x-rewrite-url"]
)
def test_a_header_that_some_servers_obey_is_not_forwarded(rig: Rig, name: str) -> None:
    assert rig.call("/crm/x", "", "GET", f"{name}: DELETE").status == 200
    assert name not in rig.upstream.seen[-1][2]


def test_claim_headers_of_a_client_are_not_believed(rig: Rig) -> None:
    forged = [f"x-handrail-key: {KEY}", f"x-handrail-app: {APP}"]
    assert rig.call("/crm/x", None, "GET", *forged).code == "token_missing"
    stranger = rig.signer.token(f"{OTHER}:production:{DIGEST}")
    assert rig.call("/crm/x", stranger, "GET", *forged).code == "grant_missing"
    assert rig.call("/crm/x", "", "GET", "x-handrail-app: nobody", "x-handrail-key: none").status == 200


@pytest.mark.parametrize(
    "name", ["x-handrail-anything", "x-handrail-tokens", "x-envoy-max-retries", "x-forwarded-host"]
)
def test_a_header_in_our_name_or_the_gateways_is_stripped_whatever_it_is_called(rig: Rig, name: str) -> None:
    assert rig.call("/crm/x", "", "GET", f"{name}: 1").status == 200
    assert name not in rig.upstream.seen[-1][2]


def test_claim_headers_do_not_help_an_app_in_quarantine(rig: Rig) -> None:
    rig.gateway.quarantine(APP)
    try:
        deadline = time.monotonic() + 3
        while rig.call("/crm/x").status == 200 and time.monotonic() < deadline:
            time.sleep(0.01)
        for header in (f"x-handrail-app: {OTHER}", f"x-handrail-key: {OTHER}:production:{DIGEST}"):
            assert rig.call("/crm/x", "", "GET", header).code == "quarantined"
    finally:
        rig.gateway.quarantine()
    deadline = time.monotonic() + 3
    while rig.call("/crm/x").status != 200 and time.monotonic() < deadline:
        time.sleep(0.01)
    assert rig.call("/crm/x").status == 200


def test_no_token_and_an_expired_one_are_told_apart(rig: Rig) -> None:
    missing = rig.call("/crm/x", None)
    assert (missing.status, missing.code) == (401, "token_missing")
    expired = rig.call("/crm/x", rig.signer.token(KEY, exp=int(time.time()) - 60))
    assert (expired.status, expired.code) == (401, "token_expired")


def _base64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _confused(rig: Rig) -> dict[str, str]:
    claims = jwt.decode(rig.token, rig.signer.key).claims
    public = rig.signer.key.as_pem(private=False)
    stranger = jwk.ECKey.generate_key("P-256", {"kid": rig.signer.key.kid, "alg": "ES256"})
    head, payload, signature = rig.token.split(".")
    signed = _base64url(json.dumps({"alg": "HS256", "kid": rig.signer.key.kid}).encode()) + "." + payload
    hmac_of_public = _base64url(hmac.new(public, signed.encode(), "sha256").digest())
    return {
        "tampered payload": f"{head}.{payload[:-4]}AAAA.{signature}",
        "tampered signature": rig.token[:-6] + "AAAAAA",
        "no signature": f"{head}.{payload}.",
        "alg none": "eyJhbGciOiJub25lIiwidHlwIjoiYXQrand0In0." + payload + ".",
        "public key as HMAC secret": f"{signed}.{hmac_of_public}",
        "foreign key with our kid": jwt.encode({"alg": "ES256", "kid": rig.signer.key.kid}, claims, stranger),
        "sandbox key for the production issuer": jwt.encode(
            {"alg": "ES256", "kid": rig.sandbox.key.kid}, claims, rig.sandbox.key
        ),
        "wrong audience": rig.signer.token(KEY, aud="http://hub.test/elsewhere"),
        "another issuer": rig.signer.token(KEY, iss="http://evil.test/production"),
        "no lifetime": jwt.encode(
            {"alg": "ES256", "kid": rig.signer.key.kid}, {k: v for k, v in claims.items() if k != "exp"}, rig.signer.key
        ),
        "nonsense": "a.b.c",
    }


def test_a_confused_token_is_refused(rig: Rig) -> None:
    for what, token in _confused(rig).items():
        answer = rig.call("/crm/x", token)
        assert (answer.status, answer.code) == (401, "token_invalid"), what
    assert rig.call("/crm/x").status == 200


def test_a_token_of_another_environment_is_refused(rig: Rig) -> None:
    answer = rig.call("/crm/x", rig.sandbox.token(f"{APP}:sandbox:{DIGEST}"))
    assert (answer.status, answer.code) == (403, "environment_mismatch")
    assert "sandbox" in json.loads(answer.body)["detail"]


def test_a_sandbox_token_that_claims_production_is_refused(rig: Rig) -> None:
    # The sandbox's key signs, but only for its own audience; the key claim alone opens nothing.
    assert rig.call("/crm/x", rig.sandbox.token(KEY, aud="http://hub.test/production")).code == "token_invalid"


def test_an_unapproved_version_is_told_the_difference(rig: Rig) -> None:
    answer = rig.call("/crm/x", rig.signer.token(f"{CHANGED}:production:{DIGEST}"))
    problem = json.loads(answer.body)
    assert (answer.status, problem["code"]) == (403, "version_not_approved")
    assert problem["detail"] == "step 'Post' now also calls 100% more"
    assert problem["fix"] == "Review it."
    assert problem["request_id"] == answer.headers["x-request-id"]


def test_a_key_whose_approval_ended_is_refused(rig: Rig) -> None:
    assert rig.call("/crm/x", rig.signer.token(ENDED)).code == "version_not_approved"


def test_an_excess_rate_is_refused_for_one_app_and_one_connection_only(rig: Rig) -> None:
    codes = [rig.call("/tight/x").code for _ in range(6)]
    assert codes[:3] == ["", "", ""]
    assert codes[3:] == ["quota_exceeded"] * 3
    limited = rig.call("/tight/x")
    assert limited.status == 429
    assert limited.headers["x-ratelimit-remaining"] == "0"
    assert rig.call("/crm/x").status == 200


def test_a_connection_without_its_credential_sends_nothing(rig: Rig) -> None:
    before = len(rig.upstream.seen)
    assert rig.call("/unset/x").code == "credential_missing"
    assert len(rig.upstream.seen) == before


def test_links_back_to_the_upstream_lead_to_the_hub(rig: Rig) -> None:
    headers = rig.call("/crm/x?page=1").headers
    assert headers["location"] == "http://hub.test/crm/other?x=1"
    assert headers["link"].startswith('<http://hub.test/crm/x?page=2>; rel="next", <http://hub.test/crm/x?page=9>;')
    assert f"127.0.0.1:{rig.upstream.server_port}x/y" in headers["link"]


def test_the_call_log_holds_names_and_ids_and_no_secret_path_or_query(rig: Rig) -> None:
    rig.call("/crm/users/jane.doe?email=jane@example.test")
    rig.call("/crm/x", rig.signer.token(f"{CHANGED}:production:{DIGEST}"))
    time.sleep(0.6)
    text = rig.gateway.log.read_text()
    assert "jane" not in text
    assert SECRET not in text
    assert rig.token not in text
    lines = [json.loads(line) for line in text.splitlines()]
    assert any(line["route"] == f"crm/users.get///{KEY}" and line["status"] == 200 for line in lines)
    refused = [line for line in lines if line["route"] == "crm/!version_not_approved"]
    assert refused[-1]["key"] == f"{CHANGED}:production:{DIGEST}"
    assert all(isinstance(line["us"], int) for line in lines if line["us"] is not None)


def test_signing_keys_rotate_without_a_failed_call(rig: Rig) -> None:
    newer = Signer()
    both = replace(
        rig.signer.issuer(),
        jwks={
            "keys": [rig.signer.key.as_dict(private=False), newer.key.as_dict(private=False) | {"kid": "production-2"}]
        },
    )
    newer.key = jwk.ECKey.import_key(newer.key.as_dict(private=True) | {"kid": "production-2"})
    rig.gateway.apply(replace(rig.state, issuers=(both, rig.sandbox.issuer())))
    deadline = time.monotonic() + 3
    statuses = []
    while time.monotonic() < deadline:
        statuses.append(rig.call("/crm/x").status)
        if rig.call("/crm/x", newer.token(KEY)).status == 200:
            break
    assert set(statuses) == {200}
    assert rig.call("/crm/x", newer.token(KEY)).status == 200
    rig.gateway.apply(rig.state)
