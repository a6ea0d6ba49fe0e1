"""A worker's rights in one look, gathered from what the other capabilities keep; nothing is changed here."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from decimal import Decimal

from fastapi import APIRouter

from services.insurance.benefits.documents import Benefit
from services.insurance.claims.documents import Claim
from services.insurance.contributions.documents import Contribution
from services.insurance.cover.documents import Policy
from services.insurance.engagements.documents import Engagement
from services.insurance.enrolment.documents import Enrolment
from services.insurance.enrolment.segments import scheme_of
from services.insurance.enrolment.views import note_of
from services.insurance.ledger import queries as ledger
from services.insurance.qualification.documents import Check
from services.insurance.rights import rules
from services.insurance.rights.views import (
    BenefitKind,
    BenefitState,
    Claimable,
    ClaimUnderWay,
    CoverRight,
    Desk,
    Matter,
    PaidIn,
    PolicyRight,
    PremiumPaid,
    Rights,
    Uncovered,
)
from services.insurance.transfers import rules as transfer_rules
from services.insurance.transfers.months import moved_of
from shared import clock
from shared.contracts.insurance import Insurance, Scheme
from shared.identity.regions import CITY
from shared.policy import calendar
from shared.policy.parameters import parameters
from shared.web.auth import Worker

router = APIRouter(prefix="/v1", tags=["rights 权益查询"])

ORDER_MONTHS = 3
LATEST = 50


@router.get("/workers/me/rights")
async def read_my_rights(worker: Worker) -> Rights:
    """The caller's rights in social insurance and occupational-injury cover (社会保险法 art. 74; 社会保险经办条例 art. 32)."""
    worker_id, today = worker.worker_id or "", calendar.shanghai_date(clock.now())
    enrolments = await Enrolment.find({"worker_id": worker_id}).to_list()
    enrolments.sort(key=lambda one: (one.state != "open", one.starts_on, one.id))
    cover = [_cover(one, today) for one in enrolments]
    # whom no employer has declared has the same claims, though the employer pays them (社会保险法 art. 41)
    schemes = sorted({one.scheme for one in cover if one.in_force or one.state == "undeclared"})
    check = await Check.of_worker(worker_id)
    return Rights(
        cover=cover,
        policies=await _policies(enrolments, today),
        contributions=await _contributions(worker_id),
        premiums=await _premiums(enrolments, today),
        claimable=[_claimable(scheme, today) for scheme in schemes],
        claims=await _claims(worker_id),
        desk=_desk(today),
        qualification_due_on=check.due_on if check and check.state != "ended" else None,
        uncovered=await _uncovered(worker_id, today),
    )


def _cover(enrolment: Enrolment, today: dt.date) -> CoverRight:
    ended = enrolment.ends_on is not None and enrolment.ends_on < today
    asked, last = enrolment.current, enrolment.segments[-1] if enrolment.segments else None
    owed = last is not None and last.segment in enrolment.undeclared
    return CoverRight(
        platform=enrolment.platform,
        scheme=enrolment.scheme,
        in_force=enrolment.state in ("open", "ended") and not owed and enrolment.starts_on <= today and not ended,
        state=enrolment.state,
        since=enrolment.starts_on,
        until=enrolment.ends_on,
        province=asked.status if asked and not owed else "undeclared",
        unit=last and last.unit,
        due_on=enrolment.due_on,
        declared_on=last and last.declared_on,
        note=note_of(enrolment, last) if last else None,
    )


async def _uncovered(worker_id: str, today: dt.date) -> list[Uncovered]:
    query = {"worker_id": worker_id, "excluded_since": {"$ne": None}}
    found = await Engagement.find(query).to_list()
    law = parameters.on(today)
    for one in found:
        scheme_of(one.relation, one.industry, law)
    return [
        Uncovered(
            platform=one.platform,
            industry=one.industry or "other",
            since=one.excluded_since,
            reason=rules.why_not(one.industry, law),
            can_do=list(rules.can_do(one.industry)),
            used=list(law.used),
        )
        for one in sorted(found, key=lambda one: one.id)
        if one.excluded_since is not None and (one.ended_on is None or one.ended_on >= today)
    ]


async def _policies(enrolments: list[Enrolment], today: dt.date) -> list[PolicyRight]:
    refs = {one.platform: one.worker_ref for one in enrolments if one.state == "open"}
    return [
        PolicyRight(**policy.model_dump(include=set(PolicyRight.model_fields)))
        for platform, ref in refs.items()
        for policy in await Policy.of_platform(platform)
        if policy.holds_on(today) and (not policy.worker_refs or ref in policy.worker_refs)
    ]


async def _contributions(worker_id: str) -> list[PaidIn]:
    by_insurance: dict[Insurance, list[Contribution]] = defaultdict(list)
    for one in await Contribution.find({"worker_id": worker_id}).to_list():
        if not one.reversed:
            by_insurance[one.insurance].append(one)
    moved = await moved_of(worker_id)
    found = []
    for insurance in sorted({*by_insurance, *moved}):
        paid, moves = by_insurance.get(insurance, []), moved.get(insurance, [])
        found.append(
            PaidIn(
                insurance=insurance,
                months=transfer_rules.months([(one.month, one.paid_on) for one in paid], moves),
                transferred_in=transfer_rules.months([], moves),
                latest_month=max((one.month for one in paid), default=None),
                worker_amount=sum((one.worker_amount for one in paid), Decimal(0)),
            )
        )
    return found


async def _premiums(enrolments: list[Enrolment], today: dt.date) -> list[PremiumPaid]:
    first = calendar.months_after(today.replace(day=1), 1 - ORDER_MONTHS)
    found = []
    for platform, ref in sorted({(one.platform, one.worker_ref) for one in enrolments}):
        charges = await ledger.of_worker(platform, ref, f"{first:%Y-%m}", f"{today:%Y-%m}")
        rows = await ledger.by_ids(charges)
        for corrections in (await ledger.corrections_of(charges)).values():
            rows += corrections
        orders = sum(row["orders"] for row in rows)
        if orders:
            premium = sum((ledger.amount(row) for row in rows), Decimal(0))
            found.append(PremiumPaid(platform=platform, orders=orders, premium=premium))
    return found


def _desk(today: dt.date) -> Desk:
    law = parameters.on(today, place=CITY)
    found = rules.matters(law)
    return Desk(
        matters=[
            Matter(matter=code, title=title, days=days, unit="workdays" if unit == "workdays" else "days")
            for code, title, days, unit in found
        ],
        used=list(law.used),
    )


def _claimable(scheme: Scheme, today: dt.date) -> Claimable:
    given = rules.entitlement(scheme, parameters.on(today, place=CITY))
    return Claimable(
        scheme=scheme,
        kinds=[BenefitKind(kind=kind, title=title, payer=payer) for kind, title, payer in given.kinds],
        unit_days=given.unit_days,
        own_days=given.own_days,
        own_years=given.own_years,
        sources=list(given.sources),
        used=list(given.used),
    )


async def _claims(worker_id: str) -> list[ClaimUnderWay]:
    claims = await Claim.find({"worker_id": worker_id}).sort("-_id").limit(LATEST).to_list()
    benefits: dict[str, list[Benefit]] = defaultdict(list)
    if claims:
        for benefit in await Benefit.find({"claim_id": {"$in": [claim.id for claim in claims]}}).to_list():
            benefits[benefit.claim_id].append(benefit)
    return [
        ClaimUnderWay(
            claim_id=claim.id,
            number=claim.number,
            state=claim.state,
            occurred_at=claim.occurred_at,
            recognised=claim.recognised,
            apply_by=claim.self_apply_by,
            benefits=[
                BenefitState(benefit_id=one.id, kind=one.kind, state=one.state, amount=one.amount, paid=one.paid)
                for one in benefits[claim.id]
            ],
        )
        for claim in claims
    ]
