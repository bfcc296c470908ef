"""Where an answer's links lead: to the address that the call came by, whatever the client says about it."""

import json
import ssl
from collections.abc import Iterator
from urllib.parse import urlsplit

import httpx2
import pytest
from tests.rigs.stack import Stack
from tests.rigs.upstreams import Upstreams

pytestmark = pytest.mark.xdist_group("stack")

NAME = "hosting-links"
ELSEWHERE = {"x-handrail-here": "https://elsewhere.test"}


def connector() -> str:
    operation = {"method": "GET", "path": "/repos/{owner}/{repo}"}
    spec = {
        "version": "1.0.0",
        "title": "Hosting",
        "dataClasses": ["internal"],
        "credential": {"kind": "bearer"},
        "retries": {"attempts": 2, "on": ["gateway-error"]},
        "operations": [{"name": "repos.get", **operation}],
    }
    return json.dumps({"apiVersion": "handrail.dev/v1", "kind": "Connector", "metadata": {"name": NAME}, "spec": spec})


def connection(upstream: str) -> str:
    spec = {"connector": NAME, "version": "1.0.0", "environment": "production", "upstream": upstream}
    spec |= {"network": "private", "credential": NAME}
    return json.dumps({"apiVersion": "handrail.dev/v1", "kind": "Connection", "metadata": {"name": NAME}, "spec": spec})


@pytest.fixture(scope="module")
def upstreams(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Upstreams]:
    with Upstreams(tmp_path_factory.mktemp("upstreams")) as running:
        yield running


@pytest.fixture(scope="module")
def token(hub_stack: Stack, upstreams: Upstreams) -> str:
    hub_stack.credential(NAME, "production", token=upstreams.credentials["github"])
    hub_stack.apply(connector())
    hub_stack.apply(connection(upstreams.github))
    return hub_stack.approve_app(NAME, {NAME: ["repos.get"]}).token()


def moved(stack: Stack, token: str, *, tls: bool, **headers: str) -> str:
    """Ask for the repository that was renamed, and return where the answer leads."""
    path, given = "/repos/acme/books", {"authorization": f"Bearer {token}", **headers}
    if not tls:
        answer = httpx2.get(f"{stack.hub_url}/{NAME}{path}", headers=given, trust_env=False, timeout=15)
    else:
        # No DNS knows the name: it goes in as SNI and Host, and the call to 127.0.0.1.
        at = urlsplit(stack.hub_tls_url(NAME))
        with httpx2.Client(verify=ssl.create_default_context(cafile=str(stack.ca_file)), trust_env=False) as client:
            url, extensions = f"https://127.0.0.1:{at.port}{path}", {"sni_hostname": at.hostname}
            answer = client.get(url, headers={**given, "host": at.netloc}, extensions=extensions, timeout=15)
    assert answer.status_code == 301, answer.text
    return str(answer.headers["location"])


@pytest.mark.parametrize("tls", [False, True], ids=["plain", "tls"])
def test_a_client_cannot_say_where_links_lead(hub_stack: Stack, upstreams: Upstreams, token: str, *, tls: bool) -> None:
    here = hub_stack.hub_tls_url(NAME) if tls else f"{hub_stack.hub_url}/{NAME}"
    assert moved(hub_stack, token, tls=tls, **ELSEWHERE) == f"{here}/repositories/42"
    assert not [name for name in upstreams.seen("github")[-1]["headers"] if "handrail" in name]


@pytest.mark.parametrize("tls", [False, True], ids=["plain", "tls"])
def test_links_of_a_second_attempt_lead_back_the_same_way(
    hub_stack: Stack, upstreams: Upstreams, token: str, *, tls: bool
) -> None:
    upstreams.reset("github")
    upstreams.fault("github", path="/repos/acme/books", status=503)
    here = hub_stack.hub_tls_url(NAME) if tls else f"{hub_stack.hub_url}/{NAME}"
    assert moved(hub_stack, token, tls=tls) == f"{here}/repositories/42"
    assert upstreams.counts("github")["all"] == 2
    assert not [name for call in upstreams.seen("github") for name in call["headers"] if "handrail" in name]


def test_calls_by_path_and_by_name_at_once_each_get_their_own_links(hub_stack: Stack, token: str) -> None:
    for turn in range(6):
        tls = turn % 2 == 0
        here = hub_stack.hub_tls_url(NAME) if tls else f"{hub_stack.hub_url}/{NAME}"
        assert moved(hub_stack, token, tls=tls) == f"{here}/repositories/42"
