"""Every rule that there is. An id is part of the contract: baselines, waivers and CI name it."""

from typing import Final

from handrail.governance.checks.errors import RuleUnknown
from handrail.governance.checks.model import Rule

RULES: Final = (
    Rule("leak", "Data leaves the company", "block", ("CD-SEC-04",),
         "Send less, redact before the step that sends, or use an approved connection."),
    Rule("implicit-leak", "What leaves tells of data", "warn", ("CD-SEC-04",),
         "Decide on something else, or tell nobody outside that it happened."),
    Rule("destination-unresolved", "Nobody can tell where data goes", "warn", ("CD-SEC-04",),
         "Write the address into the step, or use an approved connection."),
    Rule("hardcoded-secret", "A secret is written into the flow", "block", ("CD-SEC-04", "CD-SEC-05"),
         "Move it into a credential of the platform, and replace it: who read the file knows it."),
    Rule("secret-in-sample-data", "A secret stands in sample data or a note", "warn", ("CD-SEC-04", "CD-SEC-05"),
         "Remove the sample or the note, and replace the secret."),
    Rule("personal-account", "It depends on a person's own account", "warn", ("CD-SEC-02",),
         "Use an account of the team or of the service."),
    Rule("personal-store", "It keeps files in somebody's own drive", "note", ("CD-SEC-02",),
         "Use a shared drive of the team."),
    Rule("no-error-handling", "Nothing happens when a step fails", "warn", ("CD-SEC-10",),
         "Say what happens on failure: retry, another way, or tell somebody."),
    Rule("unauthenticated-endpoint", "Anybody may start it", "warn", ("CD-SEC-05",),
         "Ask callers to authenticate."),
    Rule("plain-http", "It sends without encryption", "warn", ("CD-SEC-05",), "Use https."),
    Rule("tls-not-verified", "It accepts any certificate", "warn", ("CD-SEC-05",),
         "Verify certificates; trust your own authority where you have one."),
    Rule("injection", "Strangers' text becomes a command", "warn", ("CD-SEC-08",),
         "Give values as parameters, not inside the text."),
    Rule("prompt-injection", "Strangers' text steers an agent that can act", "warn", ("CD-SEC-08",),
         "Take away tools that write, or let a person confirm what they do."),
    Rule("destructive-tool", "An agent may change or delete", "warn", ("CD-SEC-03",),
         "Give the agent only tools that read, or let a person confirm."),
    Rule("public-request-bin", "It sends to a public request bin or tunnel", "block", ("CD-SEC-04",),
         "Remove the step, or send to an address of yours."),
    Rule("open-destination", "The caller chooses where data goes", "block", ("CD-SEC-04", "CD-SEC-08"),
         "Write the host into the step, or choose it from a list."),
    Rule("sample-data", "Sample data holds personal data", "warn", ("CD-SEC-04",),
         "Remove the pinned data before you share the flow."),
    Rule("weak-comparison", "A condition that is always the same", "warn", ("CD-SEC-05",),
         "Compare with what comes in."),
    Rule("unwired-step", "A step that nothing leads to", "note", ("CD-SEC-09",), "Wire it, or remove it."),
    Rule("disabled-step", "A step is switched off", "note", ("CD-SEC-09",), "Remove it if nobody needs it."),
    Rule("dangling-edge", "A wire leads nowhere", "warn", ("CD-SEC-09",), "Remove the wire, or bring the step back."),
    Rule("unknown-step-type", "Nobody here knows this kind of step", "note", ("CD-SEC-06",),
         "Have somebody look at what it does."),
    Rule("community-node", "A step comes from a package of a third party", "warn", ("CD-SEC-06",),
         "Use a step of the platform, or have the package reviewed."),
    Rule("code-step", "A step runs code", "note", ("CD-SEC-06",), "Have somebody review the code."),
    Rule("fast-polling", "It asks very often", "note", ("CD-SEC-07",), "Ask less often, or use an event."),
    Rule("unpinned-dependency", "A package may be any version", "warn", ("CD-SEC-06",), "Pin the version."),
    Rule("vulnerable-dependency", "A package has a known weakness", "block", ("CD-SEC-06",),
         "Use a version in which it is mended."),
    Rule("vulnerability-data-missing", "Known weaknesses could not be looked up", "warn", ("CD-SEC-06",),
         "Import it: handrail vulnerabilities import all.zip (PyPI, from osv.dev)."),
    Rule("vulnerability-data-stale", "The list of known weaknesses is old", "warn", ("CD-SEC-06",),
         "Import it again: handrail vulnerabilities import all.zip (PyPI, from osv.dev)."),
    Rule("no-owner", "Nobody is responsible for it", "warn", ("CD-SEC-09",), "Name an owner and a deputy."),
    Rule("unregistered-app", "It runs and is not registered", "warn", ("CD-SEC-09",), "Register it."),
    Rule("vanished-app", "It is registered and no longer there", "warn", ("CD-SEC-09",), "Retire it, or find it."),
    Rule("duplicate-app", "Two apps do the same", "note", ("CD-SEC-09",), "Keep one."),
    Rule("duplicate-integration", "Several apps reach the same system on their own", "note", ("CD-SEC-09",),
         "Share one approved connection."),
    Rule("cross-app-leak", "Data leaves the company by way of another app", "block", ("CD-SEC-04",),
         "Cut the way in one of the apps."),
    Rule("person-bound-app", "It stops when one person leaves", "warn", ("CD-SEC-02",),
         "Move its credentials to an account of the team."),
    Rule("unreadable", "The file could not be read", "block", (), "Export it again."),
    Rule("check-failed", "A check could not run", "block", (), "Tell whoever runs Handrail; nothing was proved."),
)  # fmt: skip
_BY_ID: Final = {each.id: each for each in RULES}


def rule(rule_id: str) -> Rule:
    """Return a rule.

    Raises:
        RuleUnknown: If there is none, naming the nearest.
    """
    if rule_id not in _BY_ID:
        raise RuleUnknown(rule_id, tuple(_BY_ID))
    return _BY_ID[rule_id]
