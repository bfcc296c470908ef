"""What a secret looks like wherever it stands. Every pattern is linear in the text's length."""

import re
from dataclasses import dataclass, field
from typing import Final

RUN: Final = re.compile(r"[a-z0-9_~.:/+=-]{13,}+")


@dataclass(frozen=True, slots=True)
class Shape:
    """One kind of secret.

    Attributes:
        kind: Its name in placeholders and findings.
        marks: Lower-case texts of which one stands in every match: a cheap look before the pattern is tried.
        pattern: Finds it.
        replacement: What takes its place; may keep what stands before and after.
        hints: Patterns for a whole document's text in lower case, one of which is found wherever `pattern` is. They
            begin with a literal, so `re` searches at the speed of memory. None: the marks tell enough.
        solid: Whether it is one run of the characters of `RUN`, so that only runs need to be looked at.
        speaks: Whether the shape itself says what it is; else its value must look random to be certain.
    """

    kind: str
    marks: tuple[str, ...]
    pattern: re.Pattern[str]
    replacement: str
    hints: tuple[re.Pattern[str], ...] = field(default=())
    solid: bool = False
    speaks: bool = True

    def may_stand_in(self, lowered: str) -> bool:
        """Tell whether a document's text in lower case can hold this shape: never False when it does."""
        if not any(mark in lowered for mark in self.marks):
            return False
        return not self.hints or any(hint.search(lowered) for hint in self.hints)


def _hints(texts: tuple[str, ...]) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(text) for text in texts)


def _whole(kind: str, marks: str, pattern: str, *hints: str) -> Shape:
    solid = kind != "private-key"
    return Shape(kind, tuple(marks.split()), re.compile(pattern), f"[secret: {kind}]", _hints(hints), solid=solid)


def _between(kind: str, marks: str, pattern: str, *hints: str, speaks: bool = True) -> Shape:
    """Keep the groups `a` (before) and `z` (after), replace the rest."""
    compiled = re.compile(pattern, re.IGNORECASE)
    after = r"\g<z>" if "z" in compiled.groupindex else ""
    return Shape(kind, tuple(marks.split()), compiled, rf"\g<a>[secret: {kind}]{after}", _hints(hints), speaks=speaks)


_NAMES: Final = (
    r"(?:password|passwd|passphrase|pwd|client[_-]?secret|secret[_-]?(?:access[_-]?)?key|secret|api[_-]?key"
    r"|api[_-]?token|access[_-]?token|auth[_-]?token|refresh[_-]?token|bot[_-]?token|private[_-]?key"
    r"|authorization|token)"
)

_QUERY_NAMES: Final = (
    r"(?:api[_-]?key|access[_-]?token|auth[_-]?token|api[_-]?token|client[_-]?secret|secret|password|passwd|pwd"
    r"|app_?key)"
)
_NAME_MARKS: Final = "pass pwd secret key token authorization"
_NAME_ENDS: Final = ("password", "passwd", "passphrase", "pwd", "secret", "key", "token", "authorization")
_ASSIGNED: Final = r"\\?[\"'\]]{0,3}\s{0,8}[:=]{1,3}\s{0,8}\\?[\"'`][a-z ]{0,11}[^\"'`\s{}$<>\[\]\\]{8}"

SHAPES: Final = (
    _whole(
        "private-key",
        "key-----",
        r"-----BEGIN [A-Z ]{0,40}PRIVATE KEY-----"
        r"(?:(?:[A-Za-z0-9+/=\s\\:,.]|-(?!-)){0,20000}+-----END [A-Z ]{0,40}PRIVATE KEY-----"
        r"|[A-Za-z0-9+/=\\\r\n]{16,20000}+)",
    ),
    _between(
        "basic-auth",
        "://",
        r"(?P<a>[a-z][a-z0-9+.-]{0,30}://[^\s/:@\"'<>{}]{0,200}:)(?!\[secret: )[^\s/@\"'<>{}]{1,400}(?P<z>@)",
        r"://[^\s/@\"'<>{}]+@",
        speaks=False,
    ),
    _between(
        "slack-webhook",
        "hooks.slack.com",
        r"(?P<a>hooks\.slack\.com/(?:services|workflows|triggers)/)[A-Za-z0-9_-]{3,}[A-Za-z0-9/_-]{8,}",
    ),
    _between(
        "discord-webhook",
        "webhooks/",
        r"(?P<a>discord(?:app)?\.com/api/(?:v\d{1,2}/)?webhooks/\d{5,}/)[A-Za-z0-9_-]{20,}",
    ),
    _whole("slack-token", "xox xapp-", r"\bxox[a-z]-[A-Za-z0-9-]{8,}|\bxapp-[A-Za-z0-9-]{16,}"),
    _whole("stripe-key", "k_live_ k_test_", r"\b[sr]k_(?:live|test)_[A-Za-z0-9]{8,}"),
    _whole("webhook-secret", "whsec_", r"\bwhsec_[A-Za-z0-9+/=]{16,}"),
    _whole(
        "github-token",
        "ghp_ gho_ ghu_ ghs_ ghr_ github_pat_",
        r"\bgh[pousr]_[A-Za-z0-9]{16,}|\bgithub_pat_[A-Za-z0-9_]{16,}",
    ),
    _whole("gitlab-token", "glpat-", r"\bglpat-[A-Za-z0-9_-]{16,}"),
    _whole("aws-access-key", "akia asia", r"\b(?:AKIA|ASIA)[A-Z0-9]{16}\b"),
    _whole(
        "google-key",
        "aiza ya29. gocspx-",
        r"\bAIza[A-Za-z0-9_-]{30,}|\bya29\.[A-Za-z0-9_-]{20,}|\bGOCSPX-[A-Za-z0-9_-]{20,}",
    ),
    _whole("model-key", "sk-", r"\bsk-(?!\[)(?=[A-Za-z_-]{0,60}\d)[A-Za-z0-9_-]{20,}"),
    _whole("sendgrid-key", "sg.", r"\bSG\.[A-Za-z0-9_-]{16,}\.[A-Za-z0-9_-]{16,}"),
    _whole("airtable-token", "pat", r"\bpat[A-Za-z0-9]{14}\.[a-f0-9]{40,}", r"pat[a-z0-9]{14}\."),
    _whole(
        "service-token",
        "npm_ hf_ shpat_ ntn_ secret_ lin_api_ apify_api_ xkeysib- pcsk_ dop_v1_ eaa",
        r"\bnpm_[A-Za-z0-9]{30,}|\bhf_[A-Za-z0-9]{30,}|\bshpat_[a-f0-9]{20,}|\bntn_[A-Za-z0-9]{30,}"
        r"|\bsecret_[A-Za-z0-9]{30,}|\blin_api_[A-Za-z0-9]{20,}|\bapify_api_[A-Za-z0-9]{20,}"
        r"|\bxkeysib-[a-f0-9]{40,}|\bpcsk_[A-Za-z0-9_]{30,}|\bdop_v1_[a-f0-9]{40,}|\bEAA[A-Za-z0-9]{60,}",
        r"npm_[a-z0-9]{30}",
        r"hf_[a-z0-9]{30}",
        r"shpat_[a-f0-9]{20}",
        r"ntn_[a-z0-9]{30}",
        r"secret_[a-z0-9]{30}",
        r"lin_api_[a-z0-9]{20}",
        r"apify_api_[a-z0-9]{20}",
        r"xkeysib-",
        r"pcsk_",
        r"dop_v1_",
        r"eaa[a-z0-9]{60}",
    ),
    _whole(
        "service-token",
        "gsk_ pplx- fc- r8_ pmak- pat- figd_ sq0 sbp_ ~ tvly- xai- atatt3 dp.pt. shpss_ shpca_ key- sl. 1//0",
        r"\bgsk_[A-Za-z0-9]{40,}|\bpplx-[A-Za-z0-9]{40,}|\bfc-[a-f0-9]{32}\b|\br8_[A-Za-z0-9]{30,}"
        r"|\bPMAK-[a-f0-9]{24}-[a-f0-9]{30,}|\bpat-[a-z]{2}\d-[a-f0-9-]{30,}|\bfigd_[A-Za-z0-9_-]{30,}"
        r"|\bsq0(?:atp|csp|idp)-[A-Za-z0-9_-]{20,}|\bsbp_[a-f0-9]{40}|\btvly-(?:dev-)?[A-Za-z0-9]{20,}"
        r"|\bxai-[A-Za-z0-9]{40,}|\bATATT3[A-Za-z0-9_=-]{40,}|\bdp\.pt\.[A-Za-z0-9]{30,}|\bshp(?:ss|ca)_[a-f0-9]{20,}"
        r"|\bkey-[a-f0-9]{32}\b|\bsl\.(?:u\.)?[A-Za-z0-9_-]{60,}|\b1//0[A-Za-z0-9_-]{40,}"
        r"|(?<![A-Za-z0-9_~.-])[A-Za-z0-9_~.-]{3}\dQ~[A-Za-z0-9_~.-]{31,34}(?![A-Za-z0-9_~.-])",
        r"gsk_[a-z0-9]{40}",
        r"pplx-[a-z0-9]{40}",
        r"fc-[a-f0-9]{32}",
        r"r8_[a-z0-9]{30}",
        r"pmak-[a-f0-9]{24}",
        r"pat-[a-z]{2}\d-",
        r"figd_",
        r"sq0(?:atp|csp|idp)-",
        r"sbp_[a-f0-9]{40}",
        r"tvly-",
        r"xai-[a-z0-9]{40}",
        r"atatt3",
        r"dp\.pt\.",
        r"shp(?:ss|ca)_",
        r"key-[a-f0-9]{32}",
        r"sl\.[a-z0-9_-]{60}|sl\.u\.",
        r"1//0[a-z0-9_-]{40}",
        r"q~[a-z0-9_~.-]{31}",
    ),
    _between(
        "teams-webhook",
        "/incomingwebhook/",
        r"(?P<a>/IncomingWebhook/)[a-f0-9]{32}(?:/[a-f0-9-]{36})?",
    ),
    _whole("jwt", "eyj", r"\beyJ[A-Za-z0-9_-]{8,}+\.eyJ[A-Za-z0-9_-]{8,}+\.[A-Za-z0-9_-]*+"),
    _whole("telegram-token", ":", r"(?:(?<![A-Za-z0-9_-])|(?<=\bbot))\d{6,12}:[A-Za-z0-9_-]{30,}", r":[a-z0-9_-]{30}"),
    _between(
        "bearer",
        "bearer",
        r"(?P<a>\bbearer\s{1,8})(?=[a-z._~+/=-]{0,400}\d)[a-z0-9._~+/=-]{12,}",
        r"bearer\s{1,8}[a-z0-9._~+/=-]{12}",
        speaks=False,
    ),
    _between(
        "basic-auth",
        "basic",
        r"(?P<a>\bbasic\s{1,8})(?=[a-z+/]{0,400}[\d=])[a-z0-9+/]{8,}={0,2}",
        r"basic\s{1,8}[a-z0-9+/]{8}",
        speaks=False,
    ),
    _between(
        "access-key",
        "accountkey= sharedaccess sig=",
        r"(?P<a>\b(?:accountkey|sharedaccesskey|sharedaccesssignature|sig)=)[a-z0-9+/%=_-]{16,}",
        speaks=False,
    ),
    _between(
        "connection-string",
        "password pwd",
        r"(?P<a>\b(?:server|data source|host|user id|uid|user|database)\s?=[^;\"'\n]{1,200};"
        r"(?:[^;\"'\n]{0,200};){0,6}?\s?(?:password|pwd)\s?=\s?)(?!\[secret: )[^;\s\"'{}<>\[\]$]{4,200}",
        r"password\s?=",
        r"pwd\s?=",
        speaks=False,
    ),
    _between(
        "query-secret",
        "? &",
        rf"(?P<a>[?&]{_QUERY_NAMES}=)[^&\s\"'<>{{}}\[\]$]{{6,}}",
        rf"\?{_QUERY_NAMES}=",
        rf"&{_QUERY_NAMES}=",
        speaks=False,
    ),
    _between(
        "query-secret",
        "? &",
        r"(?P<a>[?&](?:key|token|appid|code|auth)=)(?=[a-z_-]{0,100}\d)[a-z0-9._~%+/=-]{16,}",
        r"\?(?:key|token|appid|code|auth)=",
        r"&(?:key|token|appid|code|auth)=",
        speaks=False,
    ),
    _between(
        "assigned-secret",
        _NAME_MARKS,
        rf"(?P<a>{_NAMES}\\?[\"'\]]{{0,3}}\s{{0,8}}[:=]{{1,3}}\s{{0,8}}\\?[\"'`](?:[a-z]{{3,10}} )?)"
        r"(?=[^\"'`\s]{0,400}\d)(?=[^\"'`\s]{0,400}[a-z])[^\"'`\s{}$<>\[\]\\]{8,}(?P<z>\\?[\"'`])",
        *(rf"{end}{_ASSIGNED}" for end in _NAME_ENDS),
        speaks=False,
    ),
)
