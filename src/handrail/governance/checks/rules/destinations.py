"""Where a step sends, whatever it sends: bins that anybody can read, and hosts that the caller chooses."""

import re
from collections.abc import Iterator
from typing import Final

from handrail.governance.checks.look import Look
from handrail.governance.checks.model import Finding
from handrail.language.graph import Input, Step

_BINS: Final = (
    "webhook.site", "requestbin.com", "requestbin.net", "m.pipedream.net", "requestcatcher.com", "beeceptor.com",
    "hookbin.com", "webhook.cool", "typedwebhook.tools", "putsreq.com", "ptsv2.com", "ptsv3.com", "postb.in",
    "mockbin.org", "mockbin.com", "webhookinbox.com", "hookdeck.com", "smee.io", "interact.sh", "oast.fun", "oast.pro",
    "oast.site", "oast.live", "burpcollaborator.net",
)  # fmt: skip
_TUNNELS: Final = (
    "ngrok.io", "ngrok.app", "ngrok.dev", "ngrok-free.app", "ngrok-free.dev", "trycloudflare.com", "loca.lt",
    "localhost.run", "lhr.life", "serveo.net", "localtunnel.me", "pagekite.me", "tunnelto.dev", "bore.pub",
    "devtunnels.ms", "telebit.io", "rshare.io",
)  # fmt: skip
_HOST_PART: Final = re.compile(
    r"^=?\s*(?:[a-z][a-z0-9+.-]{1,20}://)?(@(?!\{).+|(?:\{\{.*?\}\}|@\{.*?\}|[^/?#\s{}])*)", re.DOTALL
)

_URL_OF_MESSAGE: Final = re.compile(r"\bmsg\.url\s{0,20}=\s{0,20}msg\.(?:payload|req)\b")


def find(look: Look) -> Iterator[Finding]:
    """Yield bins, tunnels and hosts from the request."""
    for step in look.steps.values():
        for host in step.hosts:
            kind = _kind(host)
            if kind:
                yield look.finding(
                    "public-request-bin",
                    f"{step.name!r} sends to {host}, {kind}.",
                    step,
                    pointer=_address(look, step),
                    why="Whoever knows or guesses the address reads what arrives there.",
                    evidence={"host": host},
                )
        if step.kind not in {"trigger", "code"}:
            yield from _open(look, step)


def chosen_by_caller(look: Look, step: Step) -> bool:
    """Tell whether whoever starts the flow chooses the host, which is said once and not as unknown too."""
    return step.kind not in {"trigger", "code"} and any(True for _ in _open(look, step))


def _kind(host: str) -> str:
    def under(names: tuple[str, ...]) -> bool:
        return any(host == name or host.endswith(f".{name}") for name in names)

    return "a public request bin" if under(_BINS) else "a tunnel to somebody's machine" if under(_TUNNELS) else ""


def _open(look: Look, step: Step) -> Iterator[Finding]:
    if step.hosts:
        return
    if look.platform == "node-red" and step.kind == "http" and not step.url:
        yield from _chosen_before(look, step)
        return
    for held in step.inputs:
        if not held.references or not _is_address(held):
            continue
        found = _HOST_PART.match(held.text)
        part = found[1] if found else ""
        if "{{" not in part and "@" not in part:
            continue
        origins = sorted(look.strangers_in(step, held, part))
        if origins:
            yield look.finding(
                "open-destination",
                f"Whoever calls {look.label(origins[0])!r} chooses the host that {step.name!r} sends to.",
                step,
                pointer=step.pointer + held.field,
                why="The host is taken from the incoming request, so a stranger can have data sent anywhere.",
                evidence={"from": origins[0]},
            )
            return


def _chosen_before(look: Look, step: Step) -> Iterator[Finding]:
    """Yield a Node-RED call whose address the step before takes from the request."""
    for before in look.before.get(step.id, ()):
        setter = look.steps.get(before)
        if setter is None or not look.items_of(before) or not _sets_address(setter):
            continue
        origin = min(look.items_of(before))
        yield look.finding(
            "open-destination",
            f"Whoever calls {look.label(origin)!r} chooses the host that {step.name!r} sends to.",
            step,
            why="The host is taken from the incoming request, so a stranger can have data sent anywhere.",
            evidence={"from": origin},
        )
        return


def _sets_address(step: Step) -> bool:
    if step.kind == "code":
        return any(_URL_OF_MESSAGE.search(each.text) for each in step.inputs)
    set_here = {
        each.field.removesuffix("/p") for each in step.inputs if each.field.endswith("/p") and each.text == "url"
    }
    return any(each.references and each.field.removesuffix("/to") in set_here for each in step.inputs)


def _is_address(held: Input) -> bool:
    return held.field.rsplit("/", 1)[-1].lower() in {"url", "uri", "endpoint", "endpointurl", "baseurl", "webhookuri"}


def _address(look: Look, step: Step) -> str:
    for field in ("/parameters/url", "/inputs/uri", "/url", "/parameters/endpoint"):
        if look.holds(step.pointer + field):
            return step.pointer + field
    return step.pointer
