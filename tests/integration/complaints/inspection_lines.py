"""Who may call the routes of inspections and joint enforcement."""

from __future__ import annotations

import datetime as dt
from typing import Any

import msgspec

from services.complaints.draws import rules as drawing
from services.complaints.draws.rules import Inspector
from services.complaints.evidence import commands as evidence
from services.complaints.evidence.commands import File
from services.complaints.inspection_proposals.documents import Proposal
from services.complaints.inspections.documents import Campaign, Draw, Inspection, Origin, encrypted_secret
from services.complaints.joint.documents import JointTask, Part, encrypted_text
from shared import clock
from shared.policy.calendar import shanghai_date
from shared.storage.transaction import Transaction, transact
from tests.integration.access import HERE, OWN, Line
from tests.integration.complaints.staff import subject_of

DAY = dt.date(2026, 9, 1)
PHOTO = b"\x89PNG\r\n\x1a\n" + bytes(500)
LOT = "ab" * drawing.SECRET_BYTES


async def documents() -> str:
    """A double-random campaign that is over, its draw and one inspection, a proposal and a joint task, all of the labour
    department of `HERE` and about `OWN`. The id of a file of the inspection."""
    return await transact(_store)


async def _store(tx: Transaction) -> str:
    team = [subject_of("hrss", HERE), subject_of("hrss", "510600")]
    own: dict[str, Any] = {"department": "hrss", "district": HERE}
    await Campaign(
        id="k-own",
        kind="double_random",
        title="抽查",
        articles=["5"],
        items=["minimum_wage"],
        starts_on=DAY,
        ends_on=DAY,
        announced_by="officer:x",
        state="closed",
        **own,
    ).put(tx)
    arithmetic = drawing.arithmetic_of(OWN, {"leads": 1}, {"leads": 1}, "00" * 16)
    people = [Inspector(id=ref, stays_away_from=[]) for ref in ("a", "b")]
    lists = drawing.make_lists(
        "k-own", [arithmetic], [], people, per_enterprise=2, weights={"leads": 1}, strata=[("all", 0, 100)]
    )
    await Draw(
        id="k-own",
        lists=msgspec.to_builtins(lists),
        lists_digest=drawing.digest_of(lists),
        arithmetic=[msgspec.to_builtins(arithmetic)],
        commitment=drawing.commitment_of(LOT),
        secret=encrypted_secret("k-own", LOT),
        source="双色球",
        known_from=clock.now(),
        people=[],
        revealed_at=clock.now(),
        used=[],
    ).put(tx)
    await Inspection(
        id="i-own",
        number="n-own",
        campaign_id="k-own",
        kind="double_random",
        enterprise=OWN,
        items=["minimum_wage"],
        inspectors=team,
        by_lot=True,
        state="found",
        visit_by=DAY,
        visited_on=DAY,
        outcome="compliant",
        publish_by=DAY,
        **own,
    ).put(tx)
    await Proposal(id="p-own", enterprise=OWN, leads=[], lead_count=5, persons=3, since=DAY, used=[], **own).put(tx)
    await JointTask(
        id="j-own",
        number="n-joint",
        article="5",
        enterprise=OWN,
        district=HERE,
        lead_department="hrss",
        departments=["hrss", "transport"],
        origin=Origin(kind="inspection", id="i-own"),
        opened_by="officer:x",
        subject=encrypted_text("j-own", "联合检查"),
        parts=[
            Part(department=one, demand=encrypted_text("j-own", "核查"), due_on=DAY) for one in ("hrss", "transport")
        ],
        used=[],
    ).put(tx)
    return (await evidence.keep("inspection:i-own", "officer", File("现场.png", "现场", PHOTO), tx)).id


def lines(evidence_id: str) -> dict[str, Line]:
    campaign, inspection = {"campaign_id": "k-own"}, {"inspection_id": "i-own"}
    file, joint, proposal = {**inspection, "evidence_id": evidence_id}, {"joint_id": "j-own"}, {"proposal_id": "p-own"}
    part = {**joint, "department": "transport"}
    due = str(shanghai_date(clock.now()) + dt.timedelta(days=30))
    announced = {
        "kind": "special",
        "title": "专项检查",
        "articles": ["5"],
        "district": HERE,
        "starts_on": str(DAY),
        "ends_on": due,
    }
    team = [subject_of("hrss", HERE), subject_of("hrss", "510600")]
    found = {
        "visited_on": str(DAY),
        "present": team,
        "findings": [{"item": "minimum_wage", "verdict": "compliant"}],
    }
    opened = {
        "article": "5",
        "enterprise": OWN,
        "district": HERE,
        "subject": "联合检查",
        "origin": {"kind": "inspection", "id": "i-own"},
        "parts": [{"department": one, "demand": "核查", "due_on": due} for one in ("hrss", "transport")],
    }
    return {
        "GET /v1/inspection-campaigns": Line(who="public"),
        "GET /v1/inspection-campaigns/{campaign_id}": Line(who="public", at=campaign),
        "GET /v1/inspection-campaigns/{campaign_id}/draw": Line(who="public", at=campaign),
        "GET /v1/inspections": Line(who="public"),
        "POST /v1/inspection-campaigns": Line(who="art16", json=announced),
        "POST /v1/inspection-campaigns/{campaign_id}/draw": Line(who="hrss", at=campaign, json={"beacon": "1 2 3"}),
        "POST /v1/inspection-campaigns/{campaign_id}/cancellation": Line(
            who="hrss", at=campaign, json={"reason": "误"}
        ),
        "POST /v1/inspection-campaigns/{campaign_id}/closing": Line(who="hrss", at=campaign),
        "GET /v1/inspection-campaigns/{campaign_id}/arithmetic": Line(who="platform hrss", at=campaign),
        "POST /v1/inspection-tasks": Line(
            who="hrss", json={"campaign_id": "k-own", "enterprise": OWN, "inspectors": team}
        ),
        "GET /v1/inspection-tasks": Line(who="hrss", shows="i-own"),
        "GET /v1/inspection-tasks/{inspection_id}": Line(who="platform hrss", at=inspection),
        "POST /v1/inspection-tasks/{inspection_id}/replacement": Line(
            who="hrss", at=inspection, json={"inspector": team[0], "reason": "回避"}
        ),
        "POST /v1/inspection-tasks/{inspection_id}/calling-off": Line(
            who="hrss", at=inspection, json={"cause": "ceased"}
        ),
        "POST /v1/inspection-tasks/{inspection_id}/findings": Line(who="hrss", at=inspection, json=found),
        "POST /v1/inspection-tasks/{inspection_id}/statement": Line(
            who="platform hrss", at=inspection, json={"statement": "无异议"}
        ),
        "POST /v1/inspection-tasks/{inspection_id}/without-order": Line(
            who="hrss", at=inspection, json={"items": ["minimum_wage"], "reason": "已当场改正"}
        ),
        "POST /v1/inspection-tasks/{inspection_id}/publication": Line(who="hrss", at=inspection),
        "POST /v1/inspection-tasks/{inspection_id}/evidence": Line(
            who="hrss", at=inspection, files={"file": ("现场.png", PHOTO, "image/png")}, data={"about": "现场"}
        ),
        "GET /v1/inspection-tasks/{inspection_id}/evidence": Line(who="hrss", at=inspection),
        "GET /v1/inspection-tasks/{inspection_id}/evidence/{evidence_id}": Line(who="hrss", at=file),
        "GET /v1/inspection-proposals": Line(who="hrss", shows="p-own"),
        "POST /v1/inspection-proposals/{proposal_id}/taking-up": Line(
            who="hrss", at=proposal, json={"campaign_id": "k-own", "inspectors": team}
        ),
        "POST /v1/inspection-proposals/{proposal_id}/dismissal": Line(
            who="hrss", at=proposal, json={"reason": "已约谈"}
        ),
        "POST /v1/joint-tasks": Line(who="hrss", json=opened),
        "GET /v1/joint-tasks": Line(who="hrss transport", shows="j-own"),
        "GET /v1/joint-tasks/{joint_id}": Line(who="hrss transport", at=joint),
        "POST /v1/joint-tasks/{joint_id}/parts/{department}/answer": Line(
            who="transport", at=part, json={"answer": "已核查"}
        ),
        "POST /v1/joint-tasks/{joint_id}/parts/{department}/return": Line(
            who="hrss", at=part, json={"remark": "请补充", "due_on": due}
        ),
        "POST /v1/joint-tasks/{joint_id}/conclusion": Line(
            who="hrss", at=joint, json={"outcome": "corrected", "result": "已改正"}
        ),
    }
