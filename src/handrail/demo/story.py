"""What happened at Larkspur until today: which app came when, who asked, who decided.

Days count working days back from today, so that nothing happens on a weekend.
"""

from dataclasses import dataclass, field
from typing import Final

MOVED_IN: Final = 58


@dataclass(frozen=True, slots=True)
class Told:
    """One version of an app and what became of it.

    Attributes:
        day: When it was uploaded and, with `asked`, submitted.
        asked: Whether a review was asked for.
        note: For the reviewer.
        decided_day: None while the review is open.
        by: Who decided.
        refused: Why; empty for an approval.
        clock: When on that day it was uploaded (UTC).
    """

    day: int
    asked: bool = True
    note: str = ""
    decided_day: int | None = None
    by: str = "priya"
    refused: str = ""
    clock: str = "08:40"


@dataclass(frozen=True, slots=True)
class Story:
    """One app.

    Attributes:
        builder: The builder instance that a source watches; empty for an app that is declared.
        environment: Where its versions are to run.
        purpose, title: Of an app without a manifest yet.
    """

    name: str
    team: str
    owner: str
    day: int
    versions: tuple[Told, ...] = ()
    deputy: str = ""
    builder: str = ""
    environment: str = "production"
    title: str = ""
    purpose: str = ""


@dataclass(frozen=True, slots=True)
class Ending:
    """Something that ended: an app, a hold's begin, a person's account."""

    day: int
    clock: str
    kind: str
    subject: str
    reason: str = ""


# Uploads of a review that is open are placed by hours, so that its clock stands at 42 of 48.
OPEN_HOURS: Final = 6
BUILDERS: Final = {
    "demo-node-red-finance": "finance",
    "demo-node-red-support": "support",
    "demo-node-red-sales": "sales",
}
# The app whose flow somebody changes in the running builder, soon after the first start.
DRIFTS: Final = "refund-triage"

APPS: Final = (
    Story(
        "invoice-approver",
        "finance",
        "mara",
        55,
        (
            Told(55, note="Approves up to 5,000 EUR; above that a controller decides.", decided_day=54),
            Told(
                0,
                note="Raises the limit to 10,000 EUR as agreed with Hannah, and adds the VAT number to the Slack "
                "message.",
            ),
        ),
        "jonas",
    ),
    Story(
        "dunning-reminders",
        "finance",
        "mara",
        52,
        (
            Told(52, decided_day=51, by="hannah"),
            Told(9, note="After two reminders a person calls; Slack says who.", decided_day=8),
        ),
        "jonas",
        builder="demo-node-red-finance",
    ),
    Story("expense-sorter", "finance", "mara", 47, (Told(47, decided_day=46, by="hannah"),), "jonas"),
    Story(
        "vat-id-check",
        "finance",
        "jonas",
        41,
        (Told(41, decided_day=40),),
        "mara",
        builder="demo-node-red-finance",
    ),
    Story(
        "month-end-close",
        "finance",
        "jonas",
        38,
        (Told(38, note="Closes the period only when both sides agree to the cent.", decided_day=36, by="hannah"),),
        "mara",
    ),
    Story("payout-check", "finance", "mara", 5, (Told(2, asked=False),), environment="sandbox"),
    Story(
        "cash-forecast",
        "finance",
        "jonas",
        3,
        title="Cash forecast",
        purpose="A thirteen-week cash view from the bank feed.",
    ),
    Story(
        "refund-triage",
        "support",
        "sam",
        44,
        (Told(44, note="Only drafts replies; a person sends them.", decided_day=43),),
        "devon",
        builder="demo-node-red-support",
    ),
    Story("csat-to-slack", "support", "sam", 39, (Told(39, decided_day=39),), "devon"),
    Story("ticket-summaries", "support", "devon", 35, (Told(35, decided_day=34),), "sam"),
    Story(
        "bug-to-github",
        "support",
        "devon",
        33,
        (
            Told(33, decided_day=32),
            Told(7, note="Adds a comment to an issue that is there already, instead of a second one.", decided_day=6),
        ),
        "sam",
    ),
    Story(
        "lead-router",
        "sales",
        "aiko",
        50,
        (Told(50, decided_day=49), Told(24, note="A lead counts as large from 200 people on.", decided_day=23)),
        "luca",
        builder="demo-node-red-sales",
    ),
    Story("commission-sheet", "sales", "luca", 45, (Told(45, decided_day=44),), "aiko"),
    Story("old-lead-sync", "sales", "ines", 53, (Told(53, decided_day=52),), "luca"),
    Story(
        "quote-to-order",
        "sales",
        "luca",
        42,
        (
            Told(42, decided_day=41),
            Told(
                5,
                note="Everybody should see when a deal becomes an order.",
                decided_day=4,
                refused="It posts customers' names and order values to #deals, which has guests. Post to #sales, or "
                "leave out the name and the amount.",
            ),
        ),
        "aiko",
    ),
    Story(
        "renewal-radar",
        "sales",
        "aiko",
        30,
        (Told(30, decided_day=29),),
        "luca",
        builder="demo-node-red-sales",
    ),
    Story("win-loss-notes", "sales", "aiko", 48, (Told(48, decided_day=47),), "luca"),
)
ENDINGS: Final = (
    Ending(12, "10:00", "retired", "win-loss-notes", "The CRM has a report for this now."),
    Ending(10, "15:30", "left", "ines"),
    Ending(
        3,
        "09:10",
        "held",
        "commission-sheet",
        "Works with payout figures of single people and mails them to a list that two of them are on. "
        "Held until the list is gone.",
    ),
)


@dataclass(frozen=True, slots=True)
class Ran:
    """Which digest of an app ran from when on, for the history of calls."""

    app_id: str
    since: int
    digest: str


@dataclass(slots=True)
class Past:
    """What the history of calls is made from.

    Attributes:
        ran: By app's name, oldest first.
        ended: By app's name: when its calls ended, or began to be refused.
        held: Names of apps whose calls are refused since then.
    """

    ran: dict[str, list[Ran]] = field(default_factory=dict)
    ended: dict[str, int] = field(default_factory=dict)
    held: set[str] = field(default_factory=set)
