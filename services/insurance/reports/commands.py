"""An accident reported by a platform, by the worker, or for them by next of kin or a union; and reports about one accident."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace

from services.insurance.claims import deadlines, rules
from services.insurance.claims.commands import (
    CHECK,
    LAST_CHECK,
    OfClaim,
    find_duplicates,
    look,
    orders_around,
    outlet_of,
    record_cover,
    set_terms,
    tell_own_kin,
)
from services.insurance.claims.documents import DESCRIPTION, PLACE, Claim, Incident, Kin
from services.insurance.claims.history import By, move, note
from services.insurance.engagements.documents import Engagement
from services.insurance.reports import photos
from shared import clock
from shared.contracts.insurance import ClaimClosed, ClaimFiled, Reporter
from shared.contracts.platform import IncidentReported, Severity
from shared.errors import NotFound, RuleBroken
from shared.ids import new_id
from shared.policy import calendar
from shared.storage.encryption import encrypt_field, open_sealed
from shared.storage.transaction import Transaction


@dataclass(frozen=True, slots=True)
class WorkOnPlatform:
    """A platform's account of the worker, with the order under way at the moment asked for, if there was one."""

    platform: str
    worker_ref: str
    worker_id: str | None
    order_id: str | None
    taken_at: dt.datetime | None


async def report(
    asked: Report, reporter: Reporter, kin: Kin | None, pictures: Sequence[bytes], by: By, tx: Transaction
) -> Claim:
    """Open a claim for a person who is named by `worker_id`, or by a platform's account. Photos are kept with it."""
    if asked.occurred_at > by.at:
        raise RuleBroken("in-the-future", "事故时间不能晚于当前时间", "the accident lies in the future")
    photos.check(pictures)
    accounts = await _platforms_work(asked, tx)
    account = accounts[0]
    filled = replace(
        asked,
        platform=account.platform,
        worker_ref=account.worker_ref,
        worker_id=asked.worker_id or account.worker_id,
        order_id=account.order_id,
        kin=kin,
        other_platforms=tuple(one.platform for one in accounts[1:] if one.order_id is not None),
    )
    claim = await open_claim(filled, reporter, by, tx)
    await photos.store(claim, pictures, None, by.role, tx)
    await claim.put(tx)
    return claim


async def _platforms_work(asked: Report, tx: Transaction) -> list[WorkOnPlatform]:
    """The accounts that the accident may belong to, the likeliest first.

    The one whose order was under way; of several the one taken first, and an officer judges of the others. Where there
    is none, the only engagement of that day, or the platform that the reporter names.
    """
    if asked.worker_id is None:
        return [WorkOnPlatform(asked.platform, asked.worker_ref, None, asked.order_id, None)]
    day = calendar.shanghai_date(asked.occurred_at)
    query = {"worker_id": asked.worker_id} | ({"platform": asked.platform} if asked.platform else {})
    engagements = [
        engagement
        for engagement in await tx.find(Engagement, query)
        if engagement.started_on <= day and (engagement.ended_on is None or day <= engagement.ended_on)
    ]
    accounts = [await _work_on(engagement, asked) for engagement in engagements]
    under_way = sorted((one for one in accounts if one.taken_at), key=lambda one: str(one.taken_at))
    if under_way:
        return under_way
    if not accounts:
        raise RuleBroken(
            "no-engagement", "未查到事故当日的用工关系，请联系人社部门", "no engagement on that day was found"
        )
    if len({one.platform for one in accounts}) > 1:
        platforms = sorted({one.platform for one in accounts})
        raise RuleBroken("platform-unclear", "请指明事故涉及的平台", "say which platform it was", about=platforms)
    return accounts[:1]


async def _work_on(engagement: Engagement, asked: Report) -> WorkOnPlatform:
    at = asked.occurred_at
    orders = await orders_around(engagement.platform, engagement.worker_ref, at)
    under_way = {
        order_id: taken_at for order_id, (taken_at, finished_at) in orders.items() if taken_at <= at <= finished_at
    }
    order_id = min(under_way, key=lambda one: under_way[one], default=None)
    taken_at = under_way[order_id] if order_id else None
    return WorkOnPlatform(engagement.platform, engagement.worker_ref, engagement.worker_id, order_id, taken_at)


async def of_outlet(asked: Report, unit: str, tx: Transaction) -> Report:
    """What an outlet, or whoever insures for it, reports of a person who works through it; raises NotFound for any other."""
    day = calendar.shanghai_date(asked.occurred_at)
    for engagement in await tx.find(Engagement, {"worker_id": asked.worker_id}):
        outlet = await outlet_of([engagement], day, tx)
        if outlet is not None and unit in (outlet.uscc, outlet.insurer) and asked.platform in ("", engagement.platform):
            return replace(asked, platform=engagement.platform)
    raise NotFound("该日经该网点参保的从业人员", "a person who was insured through the outlet on that day")


def reporter_of(role: str, by_kin: bool) -> Reporter:
    """Who is said to report: kin cannot log in, and speak through an officer or a union."""
    if role == "worker" or role == "platform":
        return "worker" if role == "worker" else "platform"
    return "kin" if by_kin else "union" if role == "union" else "worker"


def merge(claim: Claim, into: Claim, by: By, tx: Transaction) -> None:
    """Let a claim go on as part of another about the same accident; papers and photos stay with it. Stores neither."""
    if into.id not in claim.twins or into.state == "duplicate":
        raise RuleBroken("not-a-duplicate", "两案未被识别为同一事故", "these claims are not found to be one accident")
    if into.state in rules.PUT_AWAY or (claim.state != "reported" and into.state in rules.NOT_APPLIED_FOR):
        raise RuleBroken(
            "merge-other-way",
            "该案的申请不能并入未申请或者已终结的报案，请将另一案并入本案",
            "an application does not go on in a report for which nobody has applied: merge that one into this",
        )
    move(claim, "merge", by, into.number)
    deadlines.clear_all(claim, tx)
    claim.merged_into = into.id
    claim.twins.remove(into.id)
    into.twins.remove(claim.id)
    into.merged += [claim.id, *claim.merged]
    into.first_applied = min((day for day in (into.first_applied, claim.first_applied) if day), default=None)
    into.papers = sorted({*into.papers, *claim.papers})
    into.worker_id = into.worker_id or claim.worker_id
    into.order_id = into.order_id or claim.order_id
    kin = claim.clear_kin
    if into.kin is None and kin is not None:
        into.act_by(kin)
        tell_own_kin(into, tx)
    note(into, "merge", by, claim.number)
    tx.publish(ClaimClosed(**claim.facts(), reason="duplicate"))


def keep_apart(claim: Claim, other: Claim, by: By) -> None:
    """Find that two claims are about two accidents; they are not linked again. Stores neither."""
    if other.id not in claim.twins:
        raise RuleBroken("not-a-duplicate", "两案未被识别为同一事故", "these claims are not found to be one accident")
    pairs: list[tuple[Claim, Claim]] = [(claim, other), (other, claim)]
    for one, two in pairs:
        one.twins.remove(two.id)
        one.apart.append(two.id)
        note(one, "kept_apart", by, two.number)


SOON = dt.timedelta(seconds=15)
"""How long after its report a claim is looked at where something is unknown: it may have been stored at the same moment."""


SECOND_LOOK = dt.timedelta(hours=1)
"""How long after its report a claim is looked at again: orders and engagements may be told later. Ours, not the law's."""


@dataclass(frozen=True, slots=True)
class Report:
    """An accident as somebody reported it. `occurred_at` is when it happened; `incident_id` is the reporter's own; `kin`: the
    next of kin who reports."""

    platform: str
    worker_ref: str
    occurred_at: dt.datetime
    district: str
    place: str
    description: str
    severity: Severity
    worker_id: str | None = None
    order_id: str | None = None
    incident_id: str | None = None
    kin: Kin | None = None
    other_platforms: tuple[str, ...] = ()


async def file(platform: str, incident: IncidentReported, tx: Transaction) -> None:
    """Open a claim for an accident, once for each incident of a platform."""
    told = f"{platform}|{incident.incident_id}"
    if await Incident.of(told, tx) is not None:
        return
    place, description = _told(incident)
    report = Report(
        platform=platform,
        worker_ref=incident.worker_ref,
        occurred_at=incident.occurred_at,
        district=incident.district,
        place=place,
        description=description,
        severity=incident.severity,
        order_id=incident.order_id,
        incident_id=incident.incident_id,
    )
    claim = await open_claim(report, "platform", By("platform", platform, clock.now()), tx)
    await Incident(id=told, holder=claim.id).put(tx)
    await claim.put(tx)


def _told(incident: IncidentReported) -> tuple[str, str]:
    """Where it happened and what; events of the past say both in clear."""
    if incident.for_insurance is None:
        return incident.place, incident.description
    fields = open_sealed("insurance", incident.for_insurance)
    return fields["place"], fields["description"]


async def open_claim(report: Report, reporter: Reporter, by: By, tx: Transaction) -> Claim:
    """Open a claim, look at its cover, and set its terms. The caller stores it."""
    claim_id = new_id()
    claim = Claim(
        id=claim_id,
        number=rules.number_of(claim_id, by.day),
        platform=report.platform,
        incident_id=report.incident_id or claim_id,
        worker_ref=report.worker_ref,
        worker_id=report.worker_id,
        order_id=report.order_id,
        occurred_at=report.occurred_at,
        reported_at=by.at,
        reported_by=reporter,
        reporter=by.subject if by.role in ("union", "officer") else "",
        district=report.district,
        severity=report.severity,
        place=encrypt_field(PLACE, claim_id, report.place),
        description=encrypt_field(DESCRIPTION, claim_id, report.description),
        cover="pending",
        fatal=report.severity == "fatal",
        platform_apply_by=None,
        self_apply_by=None,
        other_platforms=list(report.other_platforms),
    )
    note(claim, "reported", by)
    record_cover(claim, await look(claim, tx))
    set_terms(claim, tx)
    if report.kin is not None:
        claim.act_by(report.kin)
        tell_own_kin(claim, tx)
    await find_duplicates(claim, tx)
    tx.publish(
        ClaimFiled(
            claim_id=claim.id,
            platform=claim.platform,
            worker_ref=claim.worker_ref,
            worker_id=claim.worker_id,
            incident_id=claim.incident_id,
            occurred_at=claim.occurred_at,
            cover=claim.cover,
            reported_by=reporter,
            district=claim.district,
            kin=claim.kin_ids,
            to_kin=claim.fatal,
            filing_union=claim.filing_union,
            unit=claim.unit,
            partner=claim.other_enterprise,
        )
    )
    last = calendar.end_of_day(by.day + dt.timedelta(days=1))
    if claim.worker_id is None or claim.cover == "pending":
        tx.schedule(CHECK, f"{claim.id}:soon", by.at + SOON, OfClaim(claim.id))
    tx.schedule(CHECK, claim.id, by.at + SECOND_LOOK, OfClaim(claim.id))
    tx.schedule(LAST_CHECK, claim.id, last, OfClaim(claim.id))
    return claim
