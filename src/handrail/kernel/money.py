"""Money: integer micro-units of a currency, never a float."""

import re
from dataclasses import dataclass
from typing import Final

from handrail.kernel.errors import Invalid

_CURRENCY: Final = re.compile(r"[A-Z]{3}")


@dataclass(frozen=True, slots=True)
class Money:
    """An amount.

    Attributes:
        micros: Millionths of the currency's unit.
        currency: ISO 4217 code.
    """

    micros: int
    currency: str

    def __post_init__(self) -> None:
        if not _CURRENCY.fullmatch(self.currency):
            raise Invalid(
                f"{self.currency!r} is not a currency.",
                fix="Use an ISO 4217 code such as EUR.",
                place="currency",
            )

    def __add__(self, other: "Money") -> "Money":
        if other.currency != self.currency:
            raise Invalid(f"{self.currency} and {other.currency} cannot be added.", place="currency")
        return Money(self.micros + other.micros, self.currency)
