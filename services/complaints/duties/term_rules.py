"""What labour contracts agree against the law (劳动合同法 art. 19, 20, 58, 66, 70, 83)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal

from services.complaints.duties.told_rules import Around, Found, Told, last
from shared.contracts.base import money, yuan
from shared.contracts.complaints.duty_findings import DispatchTermsUnlawful, ProbationUnlawful
from shared.contracts.registry import AgreementTermsExamined, TermFault
from shared.policy.parameters import MissingParameter, Used, parameters

ONE_DAY = dt.timedelta(1)


def terms(told: Sequence[Told], around: Around) -> list[Found]:
    """What was told last of a contract: nothing where all faults were taken back."""
    known = last(told, AgreementTermsExamined)
    if known is None:
        return []
    fact, at = known
    probation = tuple(one for one in fact.faults if one.fault.startswith("probation"))
    dispatch = tuple(one for one in fact.faults if not one.fault.startswith("probation"))
    found = []
    if probation:
        low = any(one.fault == "probation_pay_low" for one in probation)
        to_judge = ("probation_served", *(("lowest_of_post",) if low else ()))
        found.append(_found(fact, at, around, _probation(fact, probation, around), to_judge))
    if dispatch:
        found.append(_found(fact, at, around, _dispatch(fact, dispatch), ("dispatch_contract", "dispatch_posts")))
    return found


def _probation(fact: AgreementTermsExamined, faults: tuple[TermFault, ...], around: Around) -> ProbationUnlawful:
    """The days that are void: all of them where none may be agreed (any more), or else those beyond the last one allowed."""
    begins = [
        fact.starts_on if one.allowed_until is None else one.allowed_until + ONE_DAY
        for one in faults
        if one.fault != "probation_pay_low"
    ]
    ended_on = fact.ended_on if around.person is None else around.person.ended_on
    ends = [day for day in (faults[0].agreed_until, ended_on) if day is not None]
    first, until = min(begins, default=None), min(ends, default=None)
    if first is None or until is None or until < first:
        first = until = None
    low = next((one for one in faults if one.fault == "probation_pay_low"), None)
    short = None if low is None else yuan(low.least_pay or "0") - yuan(low.pay or "0")
    return ProbationUnlawful(
        engagement_id=fact.engagement_id,
        agreement_id=fact.agreement_id,
        employer=fact.employer,
        number=fact.number,
        signed_on=fact.signed_on,
        faults=faults,
        void_from=first,
        void_until=until,
        void_days=0 if first is None or until is None else (until - first).days + 1,
        pay=fact.pay,
        pay_short=None if short is None else money(max(short, Decimal(0))),
    )


def _dispatch(fact: AgreementTermsExamined, faults: tuple[TermFault, ...]) -> DispatchTermsUnlawful:
    days = {
        one.fault: abs((one.agreed_until - one.allowed_until).days)
        for one in faults
        if one.agreed_until is not None and one.allowed_until is not None
    }
    return DispatchTermsUnlawful(
        engagement_id=fact.engagement_id,
        agreement_id=fact.agreement_id,
        employer=fact.employer,
        number=fact.number,
        signed_on=fact.signed_on,
        faults=faults,
        term_days_short=days.get("dispatch_term_short"),
        post_days_over=days.get("temporary_post_long"),
    )


def _used(fact: AgreementTermsExamined, faults: Sequence[TermFault]) -> tuple[Used, ...]:
    """The rows that the registry found them by: those of the day on which the contract was signed."""
    law = parameters.on(fact.signed_on, place=fact.district)
    for one in faults:
        try:
            match one.fault:
                case "probation_forbidden" | "probation_alone" | "probation_too_long":
                    law.table("contract.probation_months")
                case "probation_pay_low":
                    law.amount("contract.probation_pay_percent")
                    law.amount("minimum_wage.monthly")
                case "dispatch_term_short":
                    law.number("contract.dispatch_least_months")
                case "temporary_post_long":
                    law.number("contract.temporary_post_months")
        except MissingParameter:
            continue
    return law.used


def _found(
    fact: AgreementTermsExamined,
    at: Told,
    around: Around,
    finding: ProbationUnlawful | DispatchTermsUnlawful,
    to_judge: Sequence[str],
) -> Found:
    person = around.person
    return Found(
        about=fact.agreement_id,
        platform=fact.platform,
        district=fact.district,
        finding=finding,
        rests_on=[at],
        used=_used(fact, finding.faults),
        to_judge=to_judge,
        worker_ref=None if person is None else person.worker_ref,
        worker_id=fact.worker_id if person is None else person.worker_id,
    )
