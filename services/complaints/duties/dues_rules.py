"""Months of social insurance that an employer has not paid."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from services.complaints.duties.told_rules import Around, Found, Told, every
from shared.contracts.base import money, yuan
from shared.contracts.complaints.duty_findings import ContributionsUnpaid, UnpaidMonth
from shared.contracts.insurance import DuesOverdue
from shared.identity.regions import CITY
from shared.policy.parameters import Law, MissingParameter, parameters

FINE = "social_insurance.late_fine_multiple"


def dues(told: Sequence[Told], around: Around) -> list[Found]:
    """The months of one person with one employer that are overdue and not settled since (社会保险法 art. 60, 63, 86): of each month
    the last word stands."""
    open_ = sorted(every(told, DuesOverdue), key=lambda pair: pair[0].month)
    if not open_:
        return []
    fact, person = open_[-1][0], around.person
    law = parameters.on(open_[0][0].due_on)
    facts = [one for one, _ in open_]
    finding = ContributionsUnpaid(
        months=tuple(
            UnpaidMonth(
                month=one.month, due_on=one.due_on, insurances=one.insurances, owed=one.owed, late_fee=one.late_fee
            )
            for one in facts
        ),
        owed=_sum([one.owed for one in facts]),
        late_fee=_sum([one.late_fee for one in facts]),
        late_fee_per_day=_known(law, "social_insurance.late_fee_per_day"),
        fine_least=_known(law, FINE, "least"),
        fine_most=_known(law, FINE, "most"),
    )
    return [
        Found(
            about=f"{fact.platform}|{fact.worker_id}",
            platform=fact.platform,
            district=(person and person.district) or CITY,
            finding=finding,
            rests_on=[at for _, at in open_],
            used=law.used,
            to_judge=("payment_under_way", "registered_elsewhere"),
            worker_ref=person.worker_ref if person else None,
            worker_id=fact.worker_id,
        )
    ]


def _sum(parts: Sequence[str | None]) -> str | None:
    known = [yuan(one) for one in parts if one is not None]
    return money(sum(known, Decimal(0))) if len(known) == len(parts) else None


def _known(law: Law, key: str, entry: str | None = None) -> str | None:
    try:
        return str(law.amount(key, entry))
    except MissingParameter:
        return None
