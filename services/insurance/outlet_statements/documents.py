"""Outlets' monthly statements."""

from __future__ import annotations

from services.insurance.outlet_statements.rules import Statement
from shared.policy.parameters import Used
from shared.storage.fields import Yuan
from shared.storage.records import Record


class OutletStatement(Record):
    """What an outlet's insurance costs in a month; its id is `<credit code>:<YYYY-MM>`. Amounts in yuan.

    `average_wage` is a month's, `entered_by` the officer who entered it and `entered_from` where it stands; `reason` says
    what is missing while it waits for an officer. `used` are the parameters it rests on.
    """

    outlet: str
    month: str
    district: str
    insurer: str
    state: Statement
    people: int
    average_wage: Yuan | None = None
    entered_by: str | None = None
    entered_from: str | None = None
    base: Yuan | None = None
    amount: Yuan | None = None
    worker_amount: Yuan | None = None
    reason: str | None = None
    used: list[Used]

    class Settings:
        name = "outlet_statements"
