"""Every route of the complaints service as every kind of caller."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest_asyncio

from services.complaints.leads.documents import Lead
from services.complaints.legal_aid.documents import Lawyer, encrypted_name
from services.complaints.pay.documents import Settlement
from shared import clock
from shared.policy.calendar import shanghai_date
from shared.storage.transaction import Transaction, transact
from shared.web.scope import departments_of
from tests.harness import Harness
from tests.integration.access import HERE, OPERATIONS, OTHER, OWN, WORKER, Line, misjudged, routes
from tests.integration.complaints.staff import everybody_on_register, subject_of

DAY = dt.date(2026, 9, 1)
SEEN = {"If-Match": "1"}
OFFICER = {"name": "钱测试", "department": "hrss", "district": HERE, "duties": ["chief"]}
AID = {"body": "union", "subject": "pay", "form": "advice", "text": "拖欠报酬", "district": HERE}
LAWYER = {"name": "孙测试", "firm": "测试律师事务所", "body": "union", "districts": [HERE]}
TEXT = {"text": "说明"}
OWN_STEPS = ("supplement", "withdrawal", "objection")
AID_STEPS: dict[str, Any] = {
    "supplement-request": TEXT,
    "grant": None,
    "first-aid": {},
    "refusal": TEXT,
    "assignment": {},
    "steps": {"on": str(DAY), "kind": "met", "note": "会见"},
    "outcome": {"outcome": "advised"},
    "termination": {"ending": "asked_to_end", "text": "本人要求"},
    "objection-decision": {"uphold": True, "text": "维持"},
}
"""What is done with an application for legal aid, by an officer of the body that gives it."""


async def _documents(tx: Transaction) -> None:
    period: dict[str, Any] = {"platform": OWN, "worker_ref": "w1", "period_start": DAY, "period_end": DAY}
    begun = dt.datetime(2026, 9, 1, tzinfo=dt.UTC)
    lead = Lead(
        id="l-own",
        kind="pay_below_hourly_minimum",
        platform=OWN,
        worker_ref="w1",
        worker_id=None,
        district=HERE,
        departments=list(departments_of(5)),
        lead_department="hrss",
        finding={"kind": "pay_below_hourly_minimum"},
        events=[],
        used=[],
        verified=True,
        to_judge=[],
    )
    undecided = Settlement(
        id=f"{OWN}|s-undecided",
        worker=f"{OWN}|w1",
        settlement_id="s-undecided",
        starts_at=begun,
        ends_at=begun + dt.timedelta(days=1),
        gross=Decimal(1),
        deductions=[],
        undecided="没有适用的标准",
        district=HERE,
        **period,
    )
    await lead.put(tx)
    await Lawyer(
        id="l-own", name=encrypted_name("l-own", "孙测试"), firm="测试", body="union", districts=[HERE], fields=[]
    ).put(tx)
    await undecided.put(tx)


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def table(complaints: Harness) -> dict[str, Line]:
    """Who may call which route, on a complaint about safety, which the emergency department leads on."""
    complaint = {
        "platform": OWN,
        "category": "safety",
        "text": "没有安全培训",
        "district": HERE,
        "occurred_on": str(shanghai_date(clock.now())),
    }
    headers = complaints.headers("worker", worker_id=WORKER)
    filed = await complaints.http.post("/v1/cases", json=complaint, headers=headers)
    assert filed.status_code == 201, filed.text
    case_id = filed.json()["case_id"]
    asked = await complaints.http.post(
        "/v1/legal-aid", json=AID, headers=complaints.headers("worker", worker_id=WORKER)
    )
    aid = {"aid_id": asked.json()["legal_aid_id"]}
    await transact(_documents)
    await everybody_on_register()
    case, lead = {"case_id": case_id}, {"lead_id": "l-own"}
    return OPERATIONS | {
        "POST /v1/cases": Line(who="workers", json=complaint),
        "POST /v1/cases/{case_id}/acceptance": Line(who="hrss emergency", at=case),
        "POST /v1/cases/{case_id}/refusal": Line(who="hrss emergency", at=case, json={"reason_zh": "超出管辖"}),
        "GET /v1/cases": Line(who="worker art7", shows=case_id),
        "GET /v1/cases/{case_id}": Line(who="worker art7", at=case),
        "GET /v1/leads": Line(who="art5", shows="l-own"),
        "GET /v1/leads/{lead_id}": Line(who="art5", at=lead),
        "GET /v1/leads/dismissals": Line(who="art16!"),
        "POST /v1/leads/{lead_id}/dismissal": Line(who="art5", at=lead, json={"reason": "lawful"}, headers=SEEN),
        "POST /v1/leads/{lead_id}/taking-up": Line(
            who="art5", at=lead, json={"became": "case", "id": case_id}, headers=SEEN
        ),
        "GET /v1/settlements/{platform}/{settlement_id:path}": Line(
            who="art5", at={"platform": OWN, "settlement_id:path": "s-undecided"}
        ),
        "GET /v1/undecided-settlements": Line(who="hrss", shows="s-undecided"),
        "GET /v1/officers": Line(who="art16*", shows="officer:"),
        "PUT /v1/officers/{subject}": Line(who="hrss operator", at={"subject": "new"}, json=OFFICER),
        "GET /v1/officers/{subject}": Line(who="hrss", at={"subject": subject_of("hrss", HERE)}),
        "POST /v1/officers/{subject}/interests": Line(
            who="hrss", at={"subject": subject_of("hrss", HERE)}, json={"enterprise": OTHER, "reason": "近亲属任职"}
        ),
        "POST /v1/legal-aid": Line(who="workers", json=AID),
        "GET /v1/legal-aid": Line(who="worker union_office", shows=aid["aid_id"]),
        "GET /v1/legal-aid/{aid_id}": Line(who="worker union_office", at=aid),
        **{f"POST /v1/legal-aid/{{aid_id}}/{step}": Line(who="worker", at=aid, json=TEXT) for step in OWN_STEPS},
        **{
            f"POST /v1/legal-aid/{{aid_id}}/{step}": Line(who="union_office", at=aid, json=body)
            for step, body in AID_STEPS.items()
        },
        "PUT /v1/lawyers/{lawyer_id}": Line(who="union_office", at={"lawyer_id": "l-own"}, json=LAWYER),
        "GET /v1/lawyers": Line(who="union_office*", shows="l-own"),
        "GET /v1/audit": Line(who="hrss!"),
        "GET /v1/statistics": Line(who="art16!"),
    }


async def test_every_route_has_its_line_and_every_line_its_route(table: dict[str, Line], complaints: Harness) -> None:
    assert set(table) == routes(complaints)


async def test_nobody_gets_through_but_whom_the_table_names(table: dict[str, Line], complaints: Harness) -> None:
    assert await misjudged(complaints, table) == []
