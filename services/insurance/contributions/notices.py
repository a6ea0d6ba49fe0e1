"""What the province says has been paid in, whether it is pulled or pushed. Amounts in yuan, days and months of Shanghai."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, AwareDatetime, BaseModel, Field, TypeAdapter, ValidationError

from shared.contracts.insurance import Insurance
from shared.storage.fields import Yuan

Number = Annotated[str, Field(min_length=1, max_length=128, description="the province's own number of it")]


def _to_millisecond(instant: dt.datetime) -> dt.datetime:
    return instant.replace(microsecond=instant.microsecond // 1000 * 1000)


ChangedAt = Annotated[AwareDatetime, AfterValidator(_to_millisecond)]
"""When the province last changed it, as finely as the database keeps it, so that the same word is known again."""
NotNegative = Annotated[Yuan, Field(ge=Decimal(0))]


class ContributionNotice(BaseModel):
    """A contribution for a person's month. The same number again takes the earlier one's place, unless it is older.

    `payer`: the employer's credit code, null in flexible employment; `reversed`: it was booked by mistake and is void;
    `changed_at`: when the province last changed it.
    """

    kind: Literal["contribution"]
    number: Number
    id_number: str = Field(min_length=15, max_length=18)
    insurance: Insurance
    month: str = Field(pattern=r"^\d{4}-(0[1-9]|1[0-2])$", description="YYYY-MM")
    base: NotNegative
    employer_amount: NotNegative
    worker_amount: NotNegative
    payer: str | None = Field(default=None, min_length=1, max_length=128)
    paid_on: dt.date
    reversed: bool = False
    changed_at: ChangedAt


class BillNotice(BaseModel):
    """A payment of one of our bills."""

    kind: Literal["bill"]
    number: Number
    bill_id: str = Field(min_length=1, max_length=128)
    amount: Annotated[Yuan, Field(gt=Decimal(0))]
    paid_on: dt.date
    changed_at: ChangedAt


Notice = Annotated[ContributionNotice | BillNotice, Field(discriminator="kind")]

_one: TypeAdapter[ContributionNotice | BillNotice] = TypeAdapter(Notice)


def read(item: dict[str, Any]) -> ContributionNotice | BillNotice | None:
    """A notice out of a list; None where it is not one."""
    try:
        return _one.validate_python(item)
    except ValidationError:
        return None
