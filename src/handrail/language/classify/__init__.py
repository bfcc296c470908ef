"""What a text or a field holds: secrets, personal, health and payment data, accounts of persons."""

from handrail.language.classify.secrets import Found, placeholder, pointer_segment, redact, redact_script, redact_text

__all__ = [
    "Found",
    "placeholder",
    "pointer_segment",
    "redact",
    "redact_script",
    "redact_text",
]
