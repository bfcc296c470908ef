"""Who gets a mail: addresses written down, or chosen by the data."""

from typing import Final

from handrail.language.classify import account_of_credential
from handrail.language.graph import Step

_FIELDS: Final = frozenset(
    {"sendto", "toemail", "torecipients", "to", "recipients", "toaddresses", "recipient", "cc", "bcc"}
    | {"ccemail", "bccemail", "cclist", "bcclist", "toaddrs"}
)


def recipients_of(step: Step) -> tuple[bool, bool]:
    """Return whether a step's receivers hold a free mailbox that works, and whether the data chooses one."""
    # Microsoft's mail steps name a field `emailMessage/To`.
    named = [each for each in step.inputs if each.field.replace("~1", "/").rsplit("/", 1)[-1].lower() in _FIELDS]
    if step.type.endswith(".sendmail"):
        named += [each for each in step.inputs if each.field == "/args/1"]
    if step.type == "e-mail":
        # Node-RED's mail step keeps its receivers in its name.
        named += [each for each in step.inputs if each.field == "/name"]
    return any(account_of_credential(each.text) == "freemail" for each in named), any(each.references for each in named)
