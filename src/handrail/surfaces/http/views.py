"""What every JSON body has in common."""

from typing import Any

from pydantic import BaseModel, ConfigDict
from pydantic.alias_generators import to_camel

from handrail.kernel.money import Money


class View(BaseModel):
    """An answer: camelCase outside, frozen inside."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, frozen=True, from_attributes=True)


class Body(BaseModel):
    """A request: camelCase outside; a field that nobody knows is an error."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, extra="forbid", frozen=True)


class MoneyView(View):
    """An amount in millionths of the currency's unit."""

    micros: int
    currency: str

    @classmethod
    def of(cls, money: Money | None) -> "MoneyView | None":
        return None if money is None else cls(micros=money.micros, currency=money.currency)


class Problem(View):
    """RFC 9457 problem details: every refusal of this API has this shape."""

    type: str
    title: str
    status: int
    code: str
    detail: str
    fix: str = ""
    place: str = ""
    request_id: str = ""
    details: dict[str, Any] = {}
