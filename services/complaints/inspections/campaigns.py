"""Announce a campaign, freeze the lists of its draw, hold the draw, and close it."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

import msgspec

from services.complaints.draws import rules as drawing
from services.complaints.draws.rules import Arithmetic, Inspector, LeftOut, Lists
from services.complaints.inspections import events, rules
from services.complaints.inspections.checklist import items_of
from services.complaints.inspections.documents import (
    Campaign,
    Draw,
    Inspection,
    Person,
    encrypted_reason,
    encrypted_secret,
)
from services.complaints.leads.documents import Lead
from services.complaints.officers.commands import on_duty
from services.complaints.officers.documents import Officer
from services.complaints.officers.rules import Matter
from services.complaints.parties.commands import places_of_work
from services.complaints.parties.documents import Enterprise
from services.complaints.terms import commands as terms
from services.complaints.terms.rules import Length
from shared import clock
from shared.callers import Caller
from shared.contracts.complaints import CampaignKind
from shared.contracts.platform import Industry
from shared.errors import Conflict, NotFound, RuleBroken
from shared.identity.regions import CITY
from shared.ids import new_id
from shared.policy.calendar import months_after, shanghai_date, start_of_day
from shared.policy.parameters import Law, parameters
from shared.storage.transaction import Transaction

SALT_BYTES, REF_BYTES = 16, 8
VISIT: Final = "visit"
"""The step whose term ends with the campaign."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A campaign as an officer plans it. `source` names a public draw whose result is known from `known_from` on."""

    kind: CampaignKind
    title: str
    articles: Collection[str]
    district: str
    industries: Collection[Industry]
    starts_on: dt.date
    ends_on: dt.date
    source: str | None
    known_from: dt.datetime | None


async def announce(plan: Plan, caller: Caller, tx: Transaction) -> Campaign:
    """Announce a campaign; a double-random one with its frozen lists and the commitment to a secret.

    Raises Forbidden for an officer without the duty, RuleBroken for a plan that cannot be, and Conflict where nobody is on
    the list or an enterprise on it could not be inspected for want of inspectors.
    """
    own = caller.department or ""
    officer = await on_duty(caller, "approver", Matter(departments=[own], district=plan.district), tx)
    now = clock.now()
    rules.check_period(plan.starts_on, plan.ends_on, shanghai_date(now))
    random = plan.kind == "double_random"
    campaign = Campaign(
        id=new_id(),
        kind=plan.kind,
        title=plan.title,
        articles=sorted(set(plan.articles), key=int),
        items=items_of(plan.articles),
        department=officer.department,
        district=plan.district,
        industries=sorted(set(plan.industries)),
        starts_on=plan.starts_on,
        ends_on=plan.ends_on,
        announced_by=officer.id,
        state="announced" if random else "running",
    )
    if (plan.source is not None and plan.known_from is not None) is not random:
        raise RuleBroken(
            "draw-named", "双随机抽查应指明所依据的公开摇号", "a public draw is named for a double-random one"
        )
    draw = None
    if random and plan.source is not None and plan.known_from is not None:
        rules.check_result_unknown(plan.known_from, plan.ends_on, now)
        draw = await _freeze(campaign, plan.source, plan.known_from, tx)
        await draw.put(tx)
    await campaign.put(tx)
    tx.publish(events.announced(campaign, draw))
    return campaign


async def hold(campaign_id: str, beacon: str, caller: Caller, tx: Transaction) -> Campaign:
    """Hold the draw with the result of the public one; the inspections begin, and nobody outside hears who is drawn."""
    campaign, _ = await campaign_for(campaign_id, caller, tx)
    draw = await Draw.of(campaign_id, tx)
    campaign.state = rules.CAMPAIGN.next(campaign.state, "draw")
    assert draw is not None, "an announced campaign has its draw"
    rules.check_result_known(draw.known_from, clock.now())
    beacon = rules.numbers_of(beacon)
    lists = msgspec.convert(draw.lists, Lists)
    drawn = drawing.draw(lists, drawing.seed_of(draw.lists_digest, draw.clear_secret, beacon))
    draw.beacon, draw.result = beacon, [msgspec.to_builtins(one) for one in drawn]
    await draw.put(tx)
    subjects = {person.ref: person.subject for person in draw.people}
    for one in drawn:
        await plan_inspection(campaign, one.enterprise, [subjects[ref] for ref in one.inspectors], tx, by_lot=True)
    return await campaign.put(tx)


async def plan_inspection(
    campaign: Campaign, enterprise: str, inspectors: list[str], tx: Transaction, *, by_lot: bool
) -> Inspection:
    """Plan an enterprise's inspection, to be made until the campaign ends. The campaign is not stored here."""
    inspection_id, today = new_id(), shanghai_date(clock.now())
    inspection = Inspection(
        id=inspection_id,
        number=rules.number_of(inspection_id, today, "德劳查"),
        campaign_id=campaign.id,
        kind=campaign.kind,
        enterprise=enterprise,
        department=campaign.department,
        district=campaign.district,
        items=campaign.items,
        inspectors=inspectors,
        by_lot=by_lot,
        visit_by=campaign.ends_on,
    )
    campaign.open_visits += 1
    length = Length(max(1, (campaign.ends_on - today).days), "days")
    await terms.set_term(about(inspection), VISIT, length, begun_on=today, rests_on=campaign.id, used=[], tx=tx)
    tx.publish(events.drawn(inspection))
    return await inspection.put(tx)


async def end_visit(campaign_id: str, tx: Transaction) -> None:
    """Count a visit that was made or called off. After the last one a draw is public and its campaign is closed: no officer
    has to want it."""
    campaign = await Campaign.of(campaign_id, tx)
    assert campaign is not None
    campaign.open_visits -= 1
    if campaign.kind == "double_random" and not campaign.open_visits:
        await _close(campaign, tx)
    await campaign.put(tx)


async def close(campaign_id: str, caller: Caller, tx: Transaction) -> Campaign:
    """Close a routine or special campaign; raises Conflict while visits are open."""
    campaign, _ = await campaign_for(campaign_id, caller, tx)
    if campaign.open_visits:
        raise Conflict("visits-open", "仍有未完成的检查任务", "some of its inspections are still to be made")
    await _close(campaign, tx)
    return await campaign.put(tx)


async def cancel(campaign_id: str, reason: str, caller: Caller, tx: Transaction) -> Campaign:
    """Cancel a campaign before the public draw is held; the reason is kept."""
    campaign, _ = await campaign_for(campaign_id, caller, tx)
    draw = await Draw.of(campaign_id, tx)
    campaign.state = rules.CAMPAIGN.next(campaign.state, "cancel")
    assert draw is not None, "an announced campaign has its draw"
    rules.check_still_open(draw.known_from, clock.now())
    campaign.cancellation = encrypted_reason(campaign.id, reason)
    return await campaign.put(tx)


async def campaign_for(campaign_id: str, caller: Caller, tx: Transaction) -> tuple[Campaign, Officer]:
    """A campaign that the caller leads, with their entry in the register; not found for an officer of another department."""
    campaign = await Campaign.of(campaign_id, tx)
    if campaign is None or not caller.is_officer_of(campaign.department) or not caller.reaches(campaign.district):
        raise NotFound("该检查计划", "the campaign")
    matter = Matter(departments=[campaign.department], district=campaign.district)
    return campaign, await on_duty(caller, "approver", matter, tx)


def about(inspection: Inspection) -> terms.About:
    return terms.About(
        kind="inspection",
        id=inspection.id,
        number=inspection.number,
        department=inspection.department,
        district=inspection.district,
        officer=inspection.inspectors[0],
    )


async def _close(campaign: Campaign, tx: Transaction) -> None:
    campaign.state = rules.CAMPAIGN.next(campaign.state, "close")
    draw = await Draw.of(campaign.id, tx)
    if draw is not None:
        draw.revealed_at = clock.now()
        await draw.put(tx)


async def _freeze(campaign: Campaign, source: str, known_from: dt.datetime, tx: Transaction) -> Draw:
    """The lists of a campaign as they stand now, and the commitment to a new secret."""
    law = parameters.on(shanghai_date(clock.now()), place=campaign.district)
    weights = {kind: int(points) for kind, points in law.table("inspection.draw_weights").items()}
    percent = law.table("inspection.draw_strata_percent")
    least = {name: int(points) for name, points in law.table("inspection.draw_strata_points").items()}
    strata = [(name, least[name], int(percent[name])) for name in sorted(least, key=lambda one: -least[one])]
    found, left_out = await _population(campaign, weights, law, tx)
    people = await _inspectors(campaign, tx)
    listed = {one.id for one in found}
    lists = drawing.make_lists(
        campaign.id,
        found,
        left_out,
        [Inspector(id=ref, stays_away_from=sorted(away & listed)) for ref, _, away in people],
        per_enterprise=law.number("inspection.min_inspectors"),
        weights=weights,
        strata=strata,
    )
    if not lists.enterprises:
        raise Conflict("nobody-listed", "没有可供抽取的单位", "no enterprise can be drawn")
    if short := drawing.understaffed(lists):
        raise Conflict(
            "too-few-inspectors",
            "部分单位可派的检查人员不足",
            "too few inspectors for some enterprises",
            enterprises=short,
        )
    secret = secrets.token_hex(drawing.SECRET_BYTES)
    return Draw(
        id=campaign.id,
        lists=msgspec.to_builtins(lists),
        lists_digest=drawing.digest_of(lists),
        arithmetic=[msgspec.to_builtins(one) for one in found],
        commitment=drawing.commitment_of(secret),
        secret=encrypted_secret(campaign.id, secret),
        source=source,
        known_from=known_from,
        people=[Person(ref=ref, subject=subject) for ref, subject, _ in people],
        used=list(law.used),
    )


async def _population(
    campaign: Campaign, weights: dict[str, int], law: Law, tx: Transaction
) -> tuple[list[Arithmetic], list[LeftOut]]:
    """The enterprises of the campaign's district and trades for which people work, and those that fall out."""
    where = None if campaign.district == CITY else campaign.district
    trades = {"industries": {"$in": campaign.industries}} if campaign.industries else {}
    since = months_after(law.day, -law.number("inspection.risk_months"))
    found: list[Arithmetic] = []
    left_out: list[LeftOut] = []
    for enterprise in await tx.find(Enterprise, trades):
        standing = await places_of_work(enterprise.id, where, tx)
        if standing == "active":
            counts = await _signs_of(enterprise, since, tx)
            found.append(drawing.arithmetic_of(enterprise.id, counts, weights, secrets.token_hex(SALT_BYTES)))
        elif standing == "ended" or where is None:
            left_out.append(LeftOut(id=enterprise.id, reason=standing))
    return found, left_out


async def _signs_of(enterprise: Enterprise, since: dt.date, tx: Transaction) -> dict[str, int]:
    """How many leads and violations there were since a day, and whether the enterprise is on the list."""
    recent = {"platform": enterprise.id, "created_at": {"$gte": start_of_day(since)}, "holds": True}
    recent["state"] = {"$in": ["raised", "taken_up"]}
    visits = {"enterprise": enterprise.id, "visited_on": {"$gte": since}, "outcome": "violations"}
    violations = await tx.find(Inspection, visits)
    listed = enterprise.listed_until is not None and enterprise.listed_until >= shanghai_date(clock.now())
    return {
        "leads": len(await tx.rows(Lead, recent, {"_id": 1})),
        "violations": sum(len(one.violated) for one in violations),
        "listed": int(listed),
    }


async def _inspectors(campaign: Campaign, tx: Transaction) -> list[tuple[str, str, set[str]]]:
    """Everybody who may inspect for the campaign: a new reference, their subject, and from whom they stay away."""
    wanted = {"department": campaign.department, "district": {"$in": [CITY, campaign.district]}}
    return [
        (secrets.token_hex(REF_BYTES), officer.id, {one.enterprise for one in officer.interests})
        for officer in await tx.find(Officer, wanted)
        if may_inspect(officer)
    ]


def may_inspect(officer: Officer) -> bool:
    """Whether an officer inspects at all: on duty, with a certificate (行政处罚法 art. 42)."""
    return officer.active and "inspector" in officer.duties and officer.certificate is not None
