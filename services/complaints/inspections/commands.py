"""Send inspectors, replace one who must stay away, record what they find, hear the enterprise, and publish."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import msgspec

from services.complaints.cases.confidence import check_says_nothing_of_reporter
from services.complaints.cases.documents import Case
from services.complaints.draws import rules as drawing
from services.complaints.draws.rules import Lists
from services.complaints.evidence.commands import evidence_of
from services.complaints.inspections import events, rules
from services.complaints.inspections.access import check_origin, inspection_for, matter_of
from services.complaints.inspections.campaigns import (
    VISIT,
    about,
    campaign_for,
    end_visit,
    may_inspect,
    plan_inspection,
)
from services.complaints.inspections.documents import (
    Campaign,
    Draw,
    Finding,
    Inspection,
    Origin,
    Replaced,
    begun,
    encrypted_note,
    encrypted_reason,
    encrypted_statement,
)
from services.complaints.inspections.rules import Cause, Found
from services.complaints.leads.commands import lead_within_reach, take_up
from services.complaints.officers.documents import Officer, with_loads
from services.complaints.officers.rules import Matter, obstacle
from services.complaints.parties.documents import Enterprise
from services.complaints.terms import commands as terms
from services.complaints.terms.rules import Length
from shared import clock
from shared.callers import Caller
from shared.contracts.complaints.leads import Became
from shared.errors import Conflict, Forbidden, NotFound
from shared.policy.calendar import shanghai_date
from shared.policy.parameters import parameters
from shared.storage.kinds import TimerKind
from shared.storage.provisional import Stored, from_day
from shared.storage.transaction import Transaction

PUBLICATION: Final = "publish"
"""The step whose term begins with the visit."""
CALENDAR = TimerKind("complaints.inspection_calendar")
STORED = Stored(CALENDAR, Inspection, from_day("publish_by"))
LONGEST_STATEMENT: Final = 50_000
"""Characters of all that an enterprise says to the findings."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Noted(Found):
    """What was found of one item, with what the inspectors write of it and the files that show it."""

    note: str | None
    evidence: Sequence[str]


async def send(
    campaign_id: str, enterprise: str, inspectors: list[str], origin: Origin | None, caller: Caller, tx: Transaction
) -> Inspection:
    """Send inspectors to an enterprise within a routine or special campaign, from another matter or without.

    Raises Conflict for a double-random campaign, whose draw alone sends, and for an officer who must not inspect there.
    """
    campaign, officer = await campaign_for(campaign_id, caller, tx)
    if campaign.kind == "double_random":
        raise Conflict(
            "drawn-only", "双随机抽查的对象只能通过摇号产生", "whom a double-random campaign inspects is drawn"
        )
    if campaign.state != "running":
        raise Conflict("campaign-state", "该检查计划已结束", "the campaign is over", state=campaign.state)
    if await Enterprise.of(enterprise, tx) is None:
        raise NotFound("该单位", "the enterprise")
    if origin is not None:
        await check_origin(origin, officer, tx)
    law = parameters.on(shanghai_date(clock.now()), place=campaign.district)
    rules.check_present(inspectors, inspectors, law)
    inspection = await plan_inspection(campaign, enterprise, sorted(set(inspectors)), tx, by_lot=False)
    inspection.origin, inspection.used = origin, list(law.used)
    matter, case = await matter_of(inspection, tx)
    inspection.circle = matter.circle
    for subject in inspectors:
        await _able(subject, matter, case, tx)
    await campaign.put(tx)
    if origin is not None and origin.kind == "lead":
        lead = await lead_within_reach(origin.id, caller, tx)
        await take_up(lead, Became(kind="inspection_task", id=inspection.id), caller, tx)
    return await inspection.put(tx)


async def replace(inspection_id: str, subject: str, reason: str, caller: Caller, tx: Transaction) -> Inspection:
    """Let an inspector stay away after all (回避): of a draw, the next of its ranking comes; else the chosen department's
    least loaded. The reason is kept, and the enterprise's matters are closed to the one who stays away by their declaration.

    Raises Conflict for one who was drawn and may go: else an office would replace until the team pleases."""
    inspection, _ = await inspection_for(inspection_id, caller, "approver", tx)
    inspection.state = rules.INSPECTION.next(inspection.state, "replace")
    if subject not in inspection.inspectors:
        raise NotFound("该检查人员", "the inspector")
    if inspection.by_lot and await _is_able(subject, inspection, tx):
        raise Conflict(
            "drawn-stays",
            "抽取的检查人员无须回避且仍在岗的，不得替换",
            "who was drawn is replaced where they must stay away, or do not inspect any more: declare that first",
        )
    away = {*inspection.inspectors, *(one.subject for one in inspection.replaced)}
    for other in await _in_turn(inspection, tx):
        if other not in away and await _is_able(other, inspection, tx):
            break
    else:
        raise Conflict("too-few-inspectors", "没有可替换的检查人员", "nobody is left who may inspect there")
    inspection.inspectors = [other if one == subject else one for one in inspection.inspectors]
    kept = encrypted_reason(inspection.id, reason)
    inspection.replaced = [*inspection.replaced, Replaced(subject=subject, by=other, reason=kept)]
    await terms.hand_over("inspection", inspection.id, inspection.inspectors[0], tx)
    return await inspection.put(tx)


async def call_off(inspection_id: str, cause: Cause, caller: Caller, tx: Transaction) -> Inspection:
    """Record that an enterprise cannot be inspected, and why; that is public too."""
    inspection, _ = await inspection_for(inspection_id, caller, "approver", tx)
    inspection.state, inspection.cause = rules.INSPECTION.next(inspection.state, "call_off"), cause
    await terms.end("inspection", inspection.id, tx)
    await end_visit(inspection.campaign_id, tx)
    tx.publish(events.called_off(inspection, cause))
    return await inspection.put(tx)


async def record_findings(
    inspection_id: str,
    visited_on: dt.date,
    present: list[str],
    findings: Sequence[Noted],
    caller: Caller,
    tx: Transaction,
) -> Inspection:
    """Record a visit and what was found, item by item; again where the hearing of the enterprise changes it.

    Raises RuleBroken where too few of the inspectors were there, an item is missing, or the day cannot be, and Conflict where
    a note would show who reported.
    """
    inspection, officer = await inspection_for(inspection_id, caller, "inspector", tx)
    first = inspection.state == "planned"
    inspection.state = rules.INSPECTION.next(inspection.state, "find" if first else "amend")
    campaign = await Campaign.of(inspection.campaign_id, tx)
    assert campaign is not None
    if officer.id not in inspection.inspectors:
        raise Forbidden("仅该任务的检查人员可记录检查结果", "this is for the inspectors who were assigned")
    today = shanghai_date(clock.now())
    law = parameters.on(today, place=inspection.district)
    rules.check_present(inspection.inspectors, present, law)
    if first:
        await _check_free(inspection, present, tx)
    draw = await Draw.of(inspection.campaign_id, tx) if inspection.by_lot else None
    known_on = campaign.starts_on if draw is None else shanghai_date(draw.known_from)
    rules.check_visit(visited_on, max(campaign.starts_on, known_on), today)
    rules.check_complete(inspection.items, findings)
    for file in (file for one in findings for file in one.evidence):
        await evidence_of(inspection.matter, file, "officer", tx)
    await _check_notes(inspection, findings, tx)
    inspection.present, inspection.visited_on = sorted(set(present)), visited_on
    inspection.findings = [
        Finding(
            item=one.item,
            verdict=one.verdict,
            note=None if one.note is None else encrypted_note(inspection.id, one.note),
            evidence=list(one.evidence),
        )
        for one in findings
    ]
    inspection.violated, inspection.outcome = rules.violated(findings), rules.outcome(findings)
    if first:
        length = Length(law.days("inspection.publish_workdays"), "workdays")
        await terms.meet("inspection", inspection.id, VISIT, visited_on, tx)
        term = await terms.set_term(
            about(inspection), PUBLICATION, length, begun_on=visited_on, rests_on="visit", used=law.used, tx=tx
        )
        inspection.publish_by = term.due
        inspection.used = [*inspection.used, *law.used]
        await end_visit(inspection.campaign_id, tx)
    assert inspection.publish_by is not None
    tx.publish(events.found(inspection, visited_on, inspection.publish_by))
    return await inspection.put(tx)


async def recalculate(inspection_id: str, tx: Transaction) -> None:
    """Let the last day to publish follow its term, where the days off have been published that it rests on."""
    inspection = await Inspection.of(inspection_id, tx)
    found = await terms.recalculate_open("inspection", inspection_id, PUBLICATION, tx)
    if inspection is not None and found is not None and found.due != inspection.publish_by:
        inspection.publish_by = found.due
        await inspection.put(tx)


async def hear(inspection: Inspection, statement: str, tx: Transaction) -> Inspection:
    """Keep what the enterprise says to the findings (劳动保障监察条例 art. 19), until they are public; nothing that was said
    before is lost, whoever takes it down."""
    inspection.state = rules.INSPECTION.next(inspection.state, "hear")
    said = inspection.clear_statement
    if said is not None and len(said) + len(statement) > LONGEST_STATEMENT:
        raise Conflict("statement-full", "陈述意见过长，请线下提交", "the statement is too long: hand it in on paper")
    inspection.statement = encrypted_statement(inspection.id, statement if said is None else f"{said}\n\n{statement}")
    return await inspection.put(tx)


async def publish(inspection_id: str, caller: Caller, tx: Transaction) -> Inspection:
    """Publish a result, by an officer who did not inspect; raises Conflict while a violation is left without an order or a reason."""
    inspection, officer = await inspection_for(inspection_id, caller, "approver", tx)
    inspection.state = rules.INSPECTION.next(inspection.state, "publish")
    rules.check_second_officer(officer.id, inspection.inspectors)
    rules.check_followed(inspection.violated, [item for one in inspection.followed for item in one.items])
    today = shanghai_date(clock.now())
    inspection.published_on, inspection.published_by = today, officer.id
    await terms.meet("inspection", inspection.id, PUBLICATION, today, tx)
    tx.publish(events.published(inspection, today))
    return await inspection.put(tx)


async def _check_notes(inspection: Inspection, findings: Sequence[Noted], tx: Transaction) -> None:
    """Raise Conflict where what the enterprise will read would show who reported the case that the visit comes from, be it by an
    earlier visit."""
    _, case = await begun(Origin(kind="inspection", id=inspection.id), tx)
    if case is not None:
        for note in (one.note for one in findings if one.note):
            await check_says_nothing_of_reporter(case, note, tx)


async def _check_free(inspection: Inspection, present: Sequence[str], tx: Transaction) -> None:
    """Raise Conflict where one who made the visit must stay away from the enterprise, or from the case that it comes from
    (劳动保障监察条例 art. 16): two others have to make it."""
    _, case = await matter_of(inspection, tx)
    found = [await Officer.of(subject, tx) for subject in present]
    for officer in (one for one in found if one is not None):
        away = case is not None and officer.id in case.away
        if away or inspection.enterprise in officer.person.interests:
            raise Conflict(
                "inspector-away",
                "到场检查人员中有应当回避的，请更换检查人员后重新检查",
                "one of those who were there must stay away: replace them, and visit again",
            )


async def _able(subject: str, matter: Matter, case: Case | None, tx: Transaction) -> Officer:
    """An officer who may make an inspection that comes from a case or from none; raises Conflict for anybody else."""
    officer = await Officer.of(subject, tx)
    away = case is not None and subject in case.away
    if officer is None or away or not may_inspect(officer) or obstacle(officer.person, matter, "inspector") is not None:
        raise Conflict(
            "not-an-inspector",
            "检查人员应具有执法资格、属于本部门本地区，可办理此类事项，且与该单位没有利害关系",
            "an inspector has a certificate, is of the department, district and circle, and has no interest in the enterprise",
        )
    return officer


async def _is_able(subject: str, inspection: Inspection, tx: Transaction) -> bool:
    try:
        await _able(subject, *await matter_of(inspection, tx), tx)
    except Conflict:
        return False
    return True


async def _in_turn(inspection: Inspection, tx: Transaction) -> list[str]:
    """Who comes in the place of an inspector, in order: by the draw's own ranking, or by load."""
    draw = await Draw.of(inspection.campaign_id, tx) if inspection.by_lot else None
    if draw is None or draw.result is None or draw.beacon is None:
        wanted = {"department": inspection.department, "district": inspection.district}
        found = await with_loads(await tx.find(Officer, wanted), tx)
        return [one.subject for one in sorted(found, key=lambda one: (one.load, one.subject))]
    lists = msgspec.convert(draw.lists, Lists)
    times = Counter(ref for one in draw.result for ref in one["inspectors"])
    seed = drawing.seed_of(draw.lists_digest, draw.clear_secret, draw.beacon)
    subjects = {person.ref: person.subject for person in draw.people}
    return [subjects[ref] for ref in drawing.ranking(lists, seed, inspection.enterprise, times)]
