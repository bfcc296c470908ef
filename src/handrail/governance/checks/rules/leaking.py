"""What the leak engine found, as findings."""

from collections.abc import Iterator

from handrail.governance.checks.look import Look
from handrail.governance.checks.model import Finding, Fix
from handrail.governance.checks.rules.destinations import chosen_by_caller
from handrail.governance.checks.rules.scripts import unasked
from handrail.language.leaks import Leak

_CLASSES = {
    "third_party": "a third party",
    "public_or_consumer": "a public or consumer service",
    "personal_account": "a person's own account",
}


def find(look: Look) -> Iterator[Finding]:
    """Yield a finding for each way out, and for each place that nobody can tell."""
    for leak in look.leaks.leaks:
        if not _is_for_known_callers(look, leak):
            yield _of(look, leak)
    for each in look.leaks.unresolved:
        step = look.any_step(each.step)
        if step is not None and chosen_by_caller(look, step):
            continue
        if each.labels:
            what = ", ".join(sorted({label.what for label in each.labels}))
            text = f"{look.label(each.step)!r} may send {what} to a place that the file doesn't tell."
        else:
            text = f"{look.label(each.step)!r} sends to a place that the file doesn't tell."
        yield look.finding(
            "destination-unresolved", text, look.any_step(each.step), pointer=each.pointer, why=_sentence(each.text)
        )


def _is_for_known_callers(look: Look, leak: Leak) -> bool:
    """Tell whether a script answers only callers that it has asked who they are, as its text shows."""
    sink = look.any_step(leak.sink)
    if look.platform != "python" or sink is None or sink.type != "http.response":
        return False
    routes = [each for each in look.steps.values() if each.kind == "trigger" and each.connector == "webhook"]
    return bool(routes) and not any(unasked(look, each) for each in routes)


def _of(look: Look, leak: Leak) -> Finding:
    where = _CLASSES.get(leak.sink_class, leak.sink_class)
    rule = "implicit-leak" if leak.implicit else "leak"
    verb = "decides what is sent" if leak.implicit else "goes"
    text = f"Data of {look.label(leak.source)!r} ({leak.label.what}) {verb} to {leak.destination}, {where}."
    cut = leak.cut
    return look.finding(
        rule,
        text,
        look.any_step(leak.sink),
        pointer=leak.pointer,
        why=_sentence(leak.why),
        evidence={
            "from": leak.source,
            "to": leak.sink,
            "sink_class": leak.sink_class,
            "path": list(leak.path),
            "destination": leak.destination,
            "data_class": leak.label.data_class,
            "tag": leak.label.tag,
            "what": leak.label.what,
            "cut": {"kind": cut.kind, "step": cut.step, "before": cut.before, "ends": cut.ends} if cut else None,
        },
        fix=Fix(cut.text) if cut and cut.text else None,
    )


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:].rstrip('.')}." if text else ""
