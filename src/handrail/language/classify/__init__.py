"""What a text or a field holds: secrets, personal, health and payment data, accounts of persons."""

from handrail.language.classify.accounts import account_of_credential, accounts_in
from handrail.language.classify.fields import classify_field
from handrail.language.classify.model import Account, DataClass, Detection, Label, Tag
from handrail.language.classify.redaction import redact_values
from handrail.language.classify.secrets import Found, placeholder, pointer_segment, redact, redact_script, redact_text
from handrail.language.classify.values import classify_text, classify_values

__all__ = [
    "Account",
    "DataClass",
    "Detection",
    "Found",
    "Label",
    "Tag",
    "account_of_credential",
    "accounts_in",
    "classify_field",
    "classify_text",
    "classify_values",
    "placeholder",
    "pointer_segment",
    "redact",
    "redact_script",
    "redact_text",
    "redact_values",
]
