"""What each app calls in one run, and how often it runs: for the history and for the traffic alike."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Shape(StrEnum):
    """When in the week an app runs."""

    OFFICE = "office"
    STEADY = "steady"
    MORNING = "morning"
    NIGHT = "night"


@dataclass(frozen=True, slots=True)
class Call:
    """One call of a run.

    Attributes:
        path: At the hub, the connection first; `{n}` becomes a number.
        ms: What it usually takes.
        granted: False for an operation that nobody granted.
        share: Of the runs that make it.
    """

    operation: str
    method: str
    path: str
    ms: int
    body: str = ""
    granted: bool = True
    share: float = 1.0

    @property
    def connection(self) -> str:
        """The connection that it goes through."""
        return self.path.split("/", 1)[0]


@dataclass(frozen=True, slots=True)
class Habit:
    """How an app behaves on a working day."""

    app: str
    runs: int
    shape: Shape
    calls: tuple[Call, ...]


def _slack(share: float = 1.0) -> Call:
    body = '{"channel": "#general", "text": "demo"}'
    return Call("chat.postMessage", "POST", "slack/api/chat.postMessage", 90, body, share=share)


def _mail(share: float = 1.0, *, granted: bool = True) -> Call:
    body = '{"To": "somebody@larkspur.example", "Subject": "demo", "TextBody": "demo"}'
    return Call("messages.send", "POST", "mail/email", 70, body, granted=granted, share=share)


HABITS: Final = (
    Habit(
        "invoice-approver",
        70,
        Shape.OFFICE,
        (
            Call("invoices.list", "GET", "ledger/v1/invoices?state=open", 210),
            Call("suppliers.get", "GET", "ledger/v1/suppliers/s{n}", 140),
            Call("orders.get", "GET", "ledger/v1/orders/o{n}", 150),
            Call("invoices.approve", "POST", "ledger/v1/invoices/i{n}/approve", 260, "{}", share=0.75),
            _slack(0.75),
            _mail(0.25),
        ),
    ),
    Habit(
        "dunning-reminders",
        45,
        Shape.MORNING,
        (Call("invoices.list", "GET", "ledger/v1/invoices", 230), _mail(), _slack(0.1)),
    ),
    Habit(
        "expense-sorter",
        60,
        Shape.OFFICE,
        (
            Call("receipts.list", "GET", "ledger/v1/receipts?filed=false", 180),
            Call("receipts.file", "PATCH", "ledger/v1/receipts/r{n}", 160, "{}"),
        ),
    ),
    Habit(
        "vat-id-check",
        90,
        Shape.OFFICE,
        (Call("vat.check", "GET", "ledger/v1/vat/DE{n}00000", 390), _slack(0.06)),
    ),
    Habit(
        "month-end-close",
        6,
        Shape.MORNING,
        (
            Call("entries.list", "GET", "ledger/v1/entries", 480),
            Call("invoices.list", "GET", "ledger/v1/invoices?state=open", 210),
            Call("payouts.list", "GET", "stripe/v1/payouts", 240),
            Call("charges.list", "GET", "stripe/v1/charges", 260),
            _slack(0.3),
        ),
    ),
    Habit(
        "refund-triage",
        150,
        Shape.STEADY,
        (
            Call("tickets.list", "GET", "crm/v2/tickets?topic=refund", 160),
            Call("customers.retrieve", "GET", "stripe/v1/customers/cus_{n}", 190, share=0.8),
            Call("tickets.reply", "POST", "crm/v2/tickets/t{n}/replies", 170, "{}", share=0.8),
        ),
    ),
    Habit(
        "csat-to-slack",
        48,
        Shape.STEADY,
        (Call("surveys.list", "GET", "crm/v2/surveys", 140), _slack(0.4), _mail(0.06, granted=False)),
    ),
    Habit(
        "ticket-summaries",
        144,
        Shape.STEADY,
        (
            Call("tickets.list", "GET", "crm/v2/tickets?minReplies=8", 170),
            Call("tickets.get", "GET", "crm/v2/tickets/t{n}", 210),
            Call("tickets.get", "GET", "crm/v2/tickets/t{n}", 210),
            Call("tickets.reply", "POST", "crm/v2/tickets/t{n}/replies", 170, "{}", share=0.7),
        ),
    ),
    Habit(
        "bug-to-github",
        18,
        Shape.OFFICE,
        (
            Call("tickets.get", "GET", "crm/v2/tickets/t{n}", 180),
            Call("issues.listForRepo", "GET", "github/repos/larkspur/shop/issues", 120),
            Call("issues.create", "POST", "github/repos/larkspur/shop/issues", 240, '{"title": "demo"}', share=0.6),
            _slack(0.6),
        ),
    ),
    Habit(
        "lead-router",
        180,
        Shape.STEADY,
        (
            Call("contacts.search", "GET", "crm/v2/contacts?email=demo", 150),
            Call("leads.assign", "PATCH", "crm/v2/leads/l{n}", 180, "{}"),
            _slack(0.15),
        ),
    ),
    Habit(
        "commission-sheet",
        6,
        Shape.OFFICE,
        (
            Call("deals.list", "GET", "crm/v2/deals?stage=won", 220),
            Call("payouts.list", "GET", "stripe/v1/payouts", 240),
            _mail(),
        ),
    ),
    Habit(
        "old-lead-sync",
        4,
        Shape.NIGHT,
        (
            Call("leads.list", "GET", "crm/v2/leads?since=1d", 240),
            Call("notes.create", "POST", "crm/v2/accounts/archive/notes", 160, "{}"),
        ),
    ),
    Habit(
        "quote-to-order",
        22,
        Shape.OFFICE,
        (
            Call("deals.get", "GET", "crm/v2/deals/d{n}", 160),
            Call("accounts.get", "GET", "crm/v2/accounts/a{n}", 160),
            Call("entries.post", "POST", "ledger/v1/entries", 300, "{}"),
            Call("deals.update", "PATCH", "crm/v2/deals/d{n}", 180, "{}"),
            _mail(0.2),
        ),
    ),
    Habit(
        "renewal-radar",
        30,
        Shape.MORNING,
        (
            Call("deals.list", "GET", "crm/v2/deals", 230),
            Call("accounts.get", "GET", "crm/v2/accounts/a{n}", 160),
            _slack(0.5),
        ),
    ),
    Habit("win-loss-notes", 3, Shape.OFFICE, (Call("deals.list", "GET", "crm/v2/deals?stage=lost", 220), _slack())),
)
