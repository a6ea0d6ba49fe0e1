"""Every route of the complaints service as every kind of caller."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest_asyncio

from services.complaints.cases.documents import Case, CaseNumber
from services.complaints.credit.documents import Entry, Listing
from services.complaints.credit.documents import encrypted_text as encrypted_entry
from services.complaints.credit.person_documents import ListedPerson, encrypted_person
from services.complaints.decisions.documents import LETTER, Decision, encrypted_grounds
from services.complaints.directives.documents import Directive
from services.complaints.disclosures.documents import Disclosure, encrypted_reason
from services.complaints.disputes.documents import Asking, Dispute
from services.complaints.evidence import commands as evidence
from services.complaints.evidence.documents import Evidence
from services.complaints.investigations.documents import QUESTION, Inquiry
from services.complaints.leads.documents import Lead
from services.complaints.legal_aid.documents import Lawyer, encrypted_name
from services.complaints.parties.documents import Engagement
from services.complaints.pay.documents import Settlement
from services.complaints.penalties.decision_documents import Decided
from services.complaints.penalties.documents import Act, Investigated, Notice, Penalty
from services.complaints.penalties.documents import encrypted_text as encrypted_penalty
from services.complaints.penalties.payment_documents import Reminder
from services.complaints.penalties.person_documents import PERSON, Responsible
from services.complaints.preservations.documents import Preservation
from services.complaints.preservations.documents import encrypted_text as encrypted_keeping
from services.complaints.recusals.documents import RecusalRequest
from services.complaints.recusals.documents import encrypted_text as encrypted_recusal
from services.complaints.recusals.rules import MatterKind
from services.complaints.union_filings.documents import UnionFiling
from services.complaints.union_filings.documents import encrypted_text as encrypted_filing
from shared import clock
from shared.policy.calendar import shanghai_date
from shared.storage.encryption import encrypt_field
from shared.storage.records import find
from shared.storage.transaction import Transaction, transact
from shared.trials.documents import Trial
from shared.web.scope import departments_of
from tests.harness import Harness, bearer
from tests.integration.access import HERE, OPERATIONS, OTHER, OWN, UNION, WORKER, Line, misjudged, routes
from tests.integration.complaints import inspection_lines
from tests.integration.complaints.course import by_code
from tests.integration.complaints.staff import everybody_on_register, subject_of
from tests.unit.identity.numbers import make_uscc

DAY = dt.date(2026, 9, 1)
PNG = b"\x89PNG\r\n\x1a\n" + bytes(100)
SEEN = {"If-Match": "1"}
OFFICER = {"name": "钱测试", "department": "hrss", "district": HERE, "duties": ["chief"]}
AID = {"body": "union", "subject": "pay", "form": "advice", "text": "拖欠报酬", "district": HERE}
LAWYER = {"name": "孙测试", "firm": "测试律师事务所", "body": "union", "districts": [HERE]}
TEXT = {"text": "说明"}
OWN_STEPS = ("supplement", "withdrawal", "objection", "replacement")
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
    "replacement-decision": {"replace": False, "text": "已依法履职"},
}
"""What is done with an application for legal aid, by an officer of the body that gives it."""

DISPUTE: dict[str, Any] = {
    "enterprises": [OWN],
    "relation": "employment",
    "category": "late_pay",
    "district": HERE,
    "text": "拖欠报酬",
    "claims": [{"kind": "pay", "known_on": str(DAY)}],
}
APPLICATION: dict[str, Any] = {
    "worker_ref": "r-own",
    "relation": "employment",
    "district": HERE,
    "text": "请求赔偿损失",
}
FILE = ("工资条.png", b"\x89PNG\r\n\x1a\n" + b"0" * 2000, "image/png")
RULING: dict[str, Any] = {
    "category": "late_pay",
    "claims": ["pay"],
    "relation": "employment",
    "forum": "court",
    "district": HERE,
    "decided_on": str(DAY),
    "outcome": "granted",
    "text": "请求支付报酬",
    "reason": "应当支付",
}


ORDER = {
    "origin": "own",
    "enterprise": OTHER,
    "district": HERE,
    "violation": "other",
    "demands": [{"article": "第18条", "text": "改正"}],
    "days": 7,
}
ORDER_STEPS: dict[str, Any] = {
    "service": {"on": str(DAY), "by": "直接送达"},
    "extension-request": {"days": 5, "text": "延期"},
    "extension": TEXT,
    "check": {"met": True, "text": "已改正"},
    "check-confirmation": {"agrees": True},
    "compensation": {"percent": 50},
    "withdrawal": TEXT,
}
"""What officers do with an order to put right."""

LISTING = {
    "directive_id": "o-own",
    "kind": "serious_violation",
    "category": "other",
    "name": "试样企业",
    "address": "德阳",
    "representative": "赵测试",
    "facts": "逾期未改正",
    "result": "责令改正",
    "grounds": "情节严重",
}
LISTING_STEPS: dict[str, Any] = {
    "notice": None,
    "hearing": TEXT,
    "decision": TEXT | {"yes": True},
    "removal": TEXT | {"yes": True},
    "revocation": TEXT,
}
"""What officers do with a credit listing."""

NAMED = {"role": "direct", "name": "甲乙", "id_number": "1", "position": "经理"}
NAMED_STEPS: dict[str, Any] = {
    "notice": {"on": str(DAY), "by": "直接送达"},
    "statement": TEXT | {"on": str(DAY)},
    "service": {"on": str(DAY), "by": "直接送达"},
    "removal": TEXT,
}
"""What officers do with a responsible person of one."""

PENALTY: dict[str, Any] = {
    "origin": "own",
    "enterprise": OTHER,
    "district": HERE,
    "violation": "obstruction",
    "grounds": ["obstruction"],
    "relation": "employment",
    "began_on": str(DAY),
}
MEANT = TEXT | {"fine": "2000.00", "amount_reasons": "情节一般"}
ON_THE_SPOT = PENALTY | MEANT | {
    "facts": "拒不提供", "charges": [{"ground": "obstruction"}], "officers": ["a", "b"], "on": str(DAY), "place": "门店",
    "waived": True,
}  # fmt: skip
RESPONSIBLE = {"responsibility": "in_charge", "name": "甲", "id_number": "1", "position": "经理"}
KEEPING = {
    "origin": "penalty", "origin_id": "p-own", "place": "财务室", "reason": "可能被销毁", "officers": ["a", "b"],
    "items": [{"what": "工资表", "condition": "完好"}],
}  # fmt: skip
PENALTY_STEPS: dict[str, Any] = {
    "conclusion": {"facts": "拒不提供", "charges": [{"ground": "obstruction"}], "officers": ["a", "b"]},
    "extension-request": {"days": 10, "text": "复杂"},
    "extension": TEXT,
    "notice": MEANT | {"by": "直接送达"},
    "hearing-day": {"on": str(DAY), "place": "会议室"},
    "hearing": TEXT | {"appeared": True},
    "review": TEXT | {"passed": True},
    "decision": MEANT,
    "closing": TEXT | {"how": "drop"},
    "service": {"on": str(DAY), "by": "直接送达"},
    "payments": {"amount": "1.00", "on": str(DAY), "receipt": "1"},
    "refunds": {"amount": "1.00", "on": str(DAY), "receipt": "1"},
    "payment-corrections": TEXT | {"on": str(DAY), "receipt": "1"},
    "deferral": TEXT | {"yes": False},
    "execution-agreement": TEXT | {"harmless": True, "parts": 1, "first": str(DAY)},
    "collection": {"why": "small", "amount": "1.00", "receipt": "1", "on": str(DAY)},
    "collection-handed-in": {"to": "office", "on": str(DAY)},
    "repayments": {"amount": "1.00"},
    "record": None,
    "recusal": TEXT,
    "said": TEXT | {"what": "statement", "on": str(DAY)},
    "further-evidence": {"evidence": ["e"]},
    "monitoring-records": {
        "evidence_id": "e",
        "equipment": "摄像头",
        "place": "门口",
        "approved_on": str(DAY),
        "announced_on": str(DAY),
    },
    "monitoring-reviews": TEXT | {"evidence_id": "e", "passed": True},
    "reminder": {"by": "直接送达"},
    "court-application": None,
    "execution-end": TEXT,
    "contests": {"kind": "review", "on": str(DAY)},
    "contest-end": TEXT | {"on": str(DAY)},
    "annulment": TEXT,
    "publication": TEXT,
}
"""What officers of the labour department do with a penalty."""

REASON = {"reason": "测试"}
CASE_STEPS: dict[str, Any] = {
    "transfer": {"body_zh": "市场监督管理局", "reason_zh": "属其职权"},
    "return": {"missing_zh": "请补充"},
    "assignment": {"officer": "someone"},
    "recusal": REASON,
    "members": {"worker_id": "w-member"},
    "links": {"case_id": "c-other"},
    "steps": {"kind": "visit", "taken_on": str(DAY), "officers": ["a"], "record": "现场检查"},
    "inquiry": {"question_zh": "请说明"},
    "extension-request": REASON,
    "extension-request/approval": None,
    "extension-request/refusal": None,
    "conclusion": None,
    "decisions": {"outcome": "guidance", "grounds_zh": "事实", "letter_zh": "约谈"},
    "decisions/approval": None,
    "decisions/sending-back": REASON,
    "decision/service": {"side": "enterprise", "served_on": str(DAY)},
    "closing": None,
    "disclosures": REASON,
    "reporter": None,
}
REPORTER_STEPS: dict[str, Any] = {
    "completion": {"text": "补充"},
    "withdrawal": REASON,
    "confidence": None,
    "reopening": REASON,
    "joining": {"worker_id": "w-third", "agrees": True},
    "satisfaction": {"grade": 5},
}


CODE_STEPS: dict[str, Any] = {
    "follow-up": {},
    "recusal-requests": REASON,
    "recusal-requests/follow-up": {},
    "decision": {},
    "completion": {"text": "补充"},
    "withdrawal": REASON,
    "confidence": {},
    "reopening": REASON,
    "satisfaction": {"grade": 5},
}


DRAFT = "minimum_wage.hourly: [{value: 25, from: 2027-01-01}]"


async def _file_of(case_id: str, tx: Transaction) -> str:
    """A file, an inquiry, a decision and a disclosure of a case, as far along as each can be read."""
    case = await Case.of(case_id, tx)
    assert case is not None
    case.inquiry_id = "i-own"
    await case.put(tx)
    about: dict[str, Any] = {"category": "safety", "article": "7", "district": HERE, "lead_department": "emergency"}
    await Inquiry(
        id="i-own",
        case_id=case_id,
        platform=OWN,
        question=encrypt_field(QUESTION, "i-own", "请说明"),
        asked_on=DAY,
        answer_by=DAY,
        used=[],
        **about,
    ).put(tx)
    await Decision(
        id="dec-own",
        case_id=case_id,
        inquiry_id="i-own",
        outcome="guidance",
        grounds=encrypted_grounds("dec-own", "事实"),
        letter=encrypt_field(LETTER, "dec-own", "约谈"),
        state="approved",
        proposed_by="a",
        decided_by="b",
        decided_on=DAY,
        served={"reporter": DAY, "enterprise": DAY},
        used=[],
    ).put(tx)
    await Trial(id="trial-own", month="2026-09", draft=DRAFT, by="a", rows=[], state="finished").put(tx)
    await Disclosure(id="d-own", case_id=case_id, asked_by="a", reason=encrypted_reason("d-own", "核实")).put(tx)
    kept = await evidence.keep(f"case:{case_id}", "enterprise", evidence.File("a.png", "照片", PNG), tx)
    await evidence.disclose(kept, "reporter", confidential=False, tx=tx)
    return kept.id


async def _asked_away(case_id: str, dispute_id: str, tx: Transaction) -> None:
    """A request in a case, one in a dispute and one in a penalty that an officer stay away."""
    matters: tuple[tuple[MatterKind, str], ...] = (("case", case_id), ("dispute", dispute_id), ("penalty", "p-own"))
    for kind, matter_id in matters:
        name = f"r-{kind}"
        await RecusalRequest(
            id=name, matter=f"{kind}:{matter_id}", kind=kind, side="reporter", worker_id=WORKER,
            enterprise=None, officer="a", reason=encrypted_recusal(name, "近亲属"),
        ).put(tx)  # fmt: skip


async def _answered(number: str, tx: Transaction) -> None:
    """A decision on the case of a number."""
    held = await CaseNumber.of(number, tx)
    assert held is not None
    await Decision(
        id="dec-answered", case_id=held.holder, inquiry_id=None, outcome="guidance",
        grounds=encrypted_grounds("dec-answered", "事实"), letter=None, state="approved", proposed_by="a", decided_by="b",
        decided_on=DAY, used=[],
    ).put(tx)  # fmt: skip


async def _ordered(tx: Transaction) -> str:
    """An order of the labour department that was served on the enterprise; the file that it handed in."""
    await Directive(
        id="o-own", number="德责改1", origin="own", origin_id=None, root="directive:o-own", violation="other",
        enterprise=OWN, department="hrss", district=HERE, demands=[], days=7, issued_by="a", state="served",
        served_on=DAY, due_on=DAY, used=[],
    ).put(tx)  # fmt: skip
    entry = Entry(
        name="试样企业", address="德阳",
        **{name: encrypted_entry("c-own", "试样") for name in ("representative", "facts", "result")},
    )  # fmt: skip
    await Listing(
        id="c-own", number="德信用1", kind="wage_arrears", directive_id="o-own", enterprise=OWN, department="hrss",
        district=HERE, entry=entry, reached=None, assessed="within_range", judged=True, incident=False,
        grounds=encrypted_entry("c-own", "试样"), proposed_by="a", notified_on=DAY, state="notified", used=[],
        persons=[
            ListedPerson(
                id="c-person", role="direct", named_by="a",
                **{one: encrypted_person("c-own", "甲") for one in ("name", "id_number", "position")},
            )
        ],
    ).put(tx)  # fmt: skip
    notice = Notice(
        text=encrypted_penalty("p-own", "拟处罚"), warning=False, fine=Decimal(2000), mitigation=[],
        amount_reasons=encrypted_penalty("p-own", "一般"), given_on=DAY, by="直接送达", speak_until=DAY, hearing_due=False,
    )  # fmt: skip
    shown = await evidence.keep("penalty:p-own", "officer", evidence.File("b.png", "现场", PNG), tx)
    found = Investigated(
        facts=encrypted_penalty("p-own", "拒不提供"), charges=[], evidence=[shown.id], grave=False, by="a",
        officers=["a", "b"],
    )  # fmt: skip
    await Penalty(
        id="p-own", number="德罚1", origin="own", origin_id=None, root="own:1", case_id=None, act="a-own",
        what=Act(violation="obstruction", began_on=DAY, ended_on=None, found_on=DAY, harmed=False),
        grounds=["obstruction"], enterprise=OWN, department="hrss", district=HERE, filed_by="a", filed_on=DAY,
        state="notified", decide_by=DAY, found=found, notice=notice, used=[],
    ).put(tx)  # fmt: skip
    decided = Decided(
        warning=True, fine=Decimal(0), text=encrypted_penalty("p-served", "警告"),
        amount_reasons=encrypted_penalty("p-served", "一般"), by="b", on=DAY,
    )  # fmt: skip
    await Penalty(
        id="p-served", number="德罚3", origin="own", origin_id=None, root="own:3", case_id=None, act="a-served",
        what=Act(violation="overtime", began_on=DAY, ended_on=DAY, found_on=DAY, harmed=False), grounds=["overtime"],
        enterprise=OWN, department="hrss", district=HERE, filed_by="a", filed_on=DAY, state="fulfilled", decide_by=DAY,
        notice=notice, decided=decided, served_on=DAY, review_by=DAY, sue_by=DAY, used=[], court_on=DAY,
        reminder=Reminder(on=DAY, by="邮寄", owed=Decimal(0)),
    ).put(tx)  # fmt: skip
    await Penalty(
        id="p-person", number="德罚2", origin="own", origin_id=None, root="own:1", case_id=None, act="a-person",
        what=Act(violation="obstruction", began_on=DAY, ended_on=None, found_on=DAY, harmed=False),
        grounds=["registration"], enterprise=OWN, department="hrss", district=HERE, filed_by="a", filed_on=DAY,
        person=Responsible(
            responsibility="direct", key="k",
            **{one: encrypt_field(PERSON, "p-person", "甲") for one in ("name", "id_number", "position")},
        ),
        beside="p-own", decide_by=DAY, used=[],
    ).put(tx)  # fmt: skip
    await Preservation(
        id="k-own", number="德保存1", origin="penalty", origin_id="p-own", case_id=None, enterprise=OWN, department="hrss",
        district=HERE, circle=None, place=encrypted_keeping("k-own", "财务室"), items=[],
        reason=encrypted_keeping("k-own", "可能被销毁"), officers=[], asked_by="a", asked_on=DAY, state="kept", kept_on=DAY,
        decide_by=DAY, used=[],
    ).put(tx)  # fmt: skip
    await evidence.keep("penalty:p-own", "enterprise", evidence.File("a.png", "凭证", PNG), tx)
    return (await evidence.keep("directive:o-own", "enterprise", evidence.File("a.png", "凭证", PNG), tx)).id


async def _engaged(tx: Transaction) -> None:
    """The worker works through the platform."""
    await Engagement(
        id="e-own", version=1, platform=OWN, worker_ref="r-own", worker_id=WORKER, industry="instant_delivery",
        happened_at=clock.now(), started_on=DAY,
    ).put(tx)  # fmt: skip


async def _asks(dispute_id: str, tx: Transaction) -> None:
    """Somebody asks to join a dispute."""
    dispute = await Dispute.of(dispute_id, tx)
    assert dispute is not None
    dispute.asking = [Asking(worker_id="w-asks", claims=[], asked_on=DAY)]
    await dispute.put(tx)


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
    for name in ("own", "confirm", "refuse", "withdraw"):
        await UnionFiling(
            id=f"f-{name}",
            union=UNION,
            worker_id=WORKER,
            confirm_by=shanghai_date(clock.now()) + dt.timedelta(days=3),
            platform=OWN,
            category="safety",
            text=encrypted_filing(f"f-{name}", "没有安全培训"),
            district=HERE,
            occurred_on=shanghai_date(clock.now()),
            continuing=False,
            kind="complaint",
            confidential=False,
            dispute=None,
            used=[],
        ).put(tx)


async def _dispute_in_arbitration(complaints: Harness) -> str:
    """A worker's dispute with a platform that the labour department's office has in hand."""
    opened = await complaints.http.post(
        "/v1/disputes", json=DISPUTE, headers=complaints.headers("worker", worker_id=WORKER)
    )
    path = f"/v1/disputes/{opened.json()['dispute_id']}"
    for caller, step in (
        ({"role": "platform", "uscc": OWN}, "answer"),
        ({"role": "worker", "worker_id": WORKER}, "apply"),
    ):
        headers = bearer(**caller)
        seen = (await complaints.http.get(path, headers=headers)).headers["etag"]
        answer = await complaints.http.post(f"{path}/steps", json={"step": step}, headers=headers | {"If-Match": seen})
        assert answer.status_code == 200, answer.text
    return str(opened.json()["dispute_id"])


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
    other = complaints.headers("worker", worker_id="w-third")
    joined = (await complaints.http.post("/v1/cases", json=complaint, headers=other)).json()["number"]
    report = dict(complaint)
    receipt = (await complaints.http.post("/v1/anonymous-reports", json=report)).json()
    code = {name: receipt[name] for name in ("number", "code")}
    await transact(lambda tx: _answered(code["number"], tx))
    proven = by_code(**code)
    by_form: dict[str, Any] = {"data": {"about": "照片"}, "files": {"file": ("a.png", PNG, "image/png")}}
    handed_in = await complaints.http.post("/v1/anonymous-reports/evidence", headers=proven, **by_form)
    code_file = handed_in.json()["evidence_id"]
    await transact(_documents)
    file_id = await transact(lambda tx: _file_of(case_id, tx))
    await everybody_on_register()
    evidence_id = await inspection_lines.documents()
    dispute = {"dispute_id": await _dispute_in_arbitration(complaints)}
    await transact(lambda tx: _asked_away(case_id, dispute["dispute_id"], tx))
    early = await complaints.http.post(
        "/v1/disputes", json=DISPUTE, headers=complaints.headers("worker", worker_id="w-early")
    )
    await transact(_engaged)
    await transact(lambda tx: _asks(dispute["dispute_id"], tx))
    kept = await complaints.http.post(
        f"/v1/disputes/{dispute['dispute_id']}/evidence",
        files={"file": FILE},
        data={"about": "工资条"},
        headers=complaints.headers("worker", worker_id=WORKER),
    )
    ruled = await complaints.http.post(
        "/v1/rulings", json=RULING, headers=complaints.headers("officer", department="hrss", district=HERE)
    )
    ruling = {"ruling_id": ruled.json()["ruling_id"]}
    evidence = {**dispute, "evidence_id": kept.json()["evidence_id"]}
    case, lead = {"case_id": case_id}, {"lead_id": "l-own"}
    inquiry, file = {"inquiry_id": "i-own"}, {"file": ("a.png", PNG, "image/png")}
    listing, penalty = {"listing_id": "c-own"}, {"penalty_id": "p-own"}
    named = listing | {"person_id": "c-person"}
    kept_at = {"preservation_id": "k-own"}
    order, proof = {"directive_id": "o-own"}, await transact(_ordered)
    shown_file, handed_in = sorted(
        await find(Evidence, {"matter": "penalty:p-own"}), key=lambda one: one.party, reverse=True
    )
    disclosure = case | {"disclosure_id": "d-own"}
    return {
        **OPERATIONS,
        **inspection_lines.lines(evidence_id),
        "POST /v1/cases/for-workers": Line(who="unions", json=complaint | {"worker_id": WORKER, "agreed": True}),
        "GET /v1/union-filings": Line(who="worker union", shows="f-own"),
        "GET /v1/union-filings/{filing_id}": Line(who="worker union", at={"filing_id": "f-own"}),
        "POST /v1/union-filings/{filing_id}/confirmation": Line(who="worker", at={"filing_id": "f-confirm"}, json={}),
        "POST /v1/union-filings/{filing_id}/refusal": Line(who="worker", at={"filing_id": "f-refuse"}),
        "POST /v1/union-filings/{filing_id}/withdrawal": Line(who="union", at={"filing_id": "f-withdraw"}),
        "GET /v1/hotline-cases": Line(who="art16*", query={"line": "12345"}),
        "POST /v1/cases/taken-down": Line(who="art16*", json=complaint | {"name": "李测试"}),
        "POST /v1/anonymous-reports": Line(who="public", json=report),
        **{
            f"POST /v1/anonymous-reports/{step}": Line(who="public", json=code | body)
            for step, body in CODE_STEPS.items()
        },
        "GET /v1/anonymous-reports/evidence": Line(who="nobody", headers=proven),
        "GET /v1/anonymous-reports/evidence/{evidence_id}/content": Line(
            who="nobody", at={"evidence_id": code_file}, headers=proven
        ),
        "POST /v1/anonymous-reports/evidence": Line(who="nobody", headers=proven, **by_form),
        "POST /v1/cases/joining": Line(who="workers", json={"number": joined, "platform": OWN, "category": "safety"}),
        "GET /v1/cases/likely-duplicates": Line(who="workers unions", query={"platform": OWN, "category": "safety"}),
        **{
            f"POST /v1/cases/{{case_id}}/{step}": Line(who="hrss emergency", at=case, json=body)
            for step, body in CASE_STEPS.items()
        },
        **{
            f"POST /v1/cases/{{case_id}}/{step}": Line(who="worker", at=case, json=body)
            for step, body in REPORTER_STEPS.items()
        },
        "PUT /v1/cases/{case_id}/representatives": Line(who="worker", at=case, json={"workers": [WORKER]}),
        **{
            f"GET /v1/cases/{{case_id}}/{part}": Line(who="art7", at=case)
            for part in ("terms", "steps", "inquiry", "inquiries", "decisions", "disclosures")
        },
        "GET /v1/cases/{case_id}/decision": Line(who="worker", at=case),
        "POST /v1/cases/{case_id}/evidence": Line(
            who="worker hrss emergency", at=case, data={"about": "照片"}, files=file
        ),
        "GET /v1/cases/{case_id}/evidence": Line(who="worker art7", at=case),
        "GET /v1/cases/{case_id}/evidence/{evidence_id}/content": Line(
            who="worker art7", at=case | {"evidence_id": file_id}
        ),
        "POST /v1/cases/{case_id}/evidence/{evidence_id}/showing": Line(
            who="hrss emergency", at=case | {"evidence_id": file_id}, json={"party": "reporter"}
        ),
        "POST /v1/cases/{case_id}/evidence/removal": Line(who="hrss emergency", at=case, json=REASON),
        "POST /v1/cases/{case_id}/disclosures/{disclosure_id}/approval": Line(who="hrss emergency", at=disclosure),
        "POST /v1/cases/{case_id}/disclosures/{disclosure_id}/refusal": Line(who="hrss emergency", at=disclosure),
        "POST /v1/cases/{case_id}/recusal-requests": Line(who="worker", at=case, json=REASON),
        "GET /v1/cases/{case_id}/recusal-requests": Line(who="worker art7", at=case),
        "POST /v1/cases/{case_id}/recusal-requests/{request_id}/decision": Line(
            who="hrss emergency", at=case | {"request_id": "r-case"}, json=REASON | {"agrees": False}
        ),
        "POST /v1/platform-cases/{inquiry_id}/recusal-requests": Line(who="platform", at=inquiry, json=REASON),
        "GET /v1/platform-cases/{inquiry_id}/recusal-requests": Line(who="platform", at=inquiry),
        "POST /v1/disputes/{dispute_id}/recusal-requests": Line(who="worker platform", at=dispute, json=REASON),
        "GET /v1/disputes/{dispute_id}/recusal-requests": Line(who="worker platform hrss", at=dispute),
        "POST /v1/disputes/{dispute_id}/recusal-requests/{request_id}/decision": Line(
            who="hrss", at=dispute | {"request_id": "r-dispute"}, json=REASON | {"agrees": False}
        ),
        "GET /v1/platform-cases": Line(who="platform", shows="i-own"),
        "GET /v1/platform-cases/{inquiry_id}": Line(who="platform", at=inquiry),
        "GET /v1/platform-cases/{inquiry_id}/decision": Line(who="platform", at=inquiry),
        "POST /v1/platform-cases/{inquiry_id}/answers": Line(who="platform", at=inquiry, json={"text": "已支付"}),
        "POST /v1/platform-cases/{inquiry_id}/evidence": Line(
            who="platform", at=inquiry, data={"about": "账单"}, files=file
        ),
        "GET /v1/platform-cases/{inquiry_id}/evidence": Line(who="platform", at=inquiry),
        "GET /v1/platform-cases/{inquiry_id}/evidence/{evidence_id}/content": Line(
            who="platform", at=inquiry | {"evidence_id": file_id}
        ),
        "POST /v1/cases": Line(who="workers", json=complaint),
        "POST /v1/cases/{case_id}/acceptance": Line(who="hrss emergency", at=case),
        "POST /v1/cases/{case_id}/refusal": Line(who="hrss emergency", at=case, json={"reason_zh": "超出管辖"}),
        "GET /v1/cases": Line(who="worker art7", query={"limit": "500"}, shows=case_id),
        "GET /v1/cases/{case_id}": Line(who="worker art7", at=case),
        "POST /v1/directives": Line(who="art16", json=ORDER),
        "GET /v1/directives": Line(who="platform hrss", shows="o-own"),
        "GET /v1/directives/{directive_id}": Line(who="hrss", at=order),
        "GET /v1/directives/{directive_id}/order": Line(who="platform", at=order),
        "POST /v1/directives/{directive_id}/answer": Line(who="platform", at=order, json=TEXT),
        **{
            f"POST /v1/directives/{{directive_id}}/{step}": Line(who="hrss", at=order, json=body)
            for step, body in ORDER_STEPS.items()
        },
        "POST /v1/directives/{directive_id}/evidence": Line(
            who="platform hrss", at=order, data={"about": "凭证"}, files=file
        ),
        "GET /v1/directives/{directive_id}/evidence": Line(who="platform hrss", at=order),
        "GET /v1/directives/{directive_id}/evidence/{evidence_id}/content": Line(
            who="platform hrss", at=order | {"evidence_id": proof}
        ),
        "POST /v1/penalties": Line(who="hrss", json=PENALTY),
        "POST /v1/penalties/on-the-spot": Line(who="hrss", json=ON_THE_SPOT),
        "GET /v1/public-penalties": Line(who="public"),
        "GET /v1/penalties": Line(who="hrss", shows="p-own"),
        "GET /v1/penalties/told": Line(who="platform", shows="p-own"),
        "GET /v1/penalties/{penalty_id}": Line(who="hrss", at=penalty),
        "GET /v1/penalties/{penalty_id}/letter": Line(who="platform", at=penalty),
        "GET /v1/penalties/{penalty_id}/notice-letter": Line(who="platform hrss", at={"penalty_id": "p-served"}),
        "GET /v1/penalties/{penalty_id}/decision-letter": Line(who="platform hrss", at={"penalty_id": "p-served"}),
        "GET /v1/penalties/{penalty_id}/reminder-letter": Line(who="platform hrss", at={"penalty_id": "p-served"}),
        "GET /v1/penalties/{penalty_id}/court-application-letter": Line(who="hrss", at={"penalty_id": "p-served"}),
        **{
            f"POST /v1/penalties/{{penalty_id}}/{step}": Line(who="hrss", at=penalty, json=body)
            for step, body in PENALTY_STEPS.items()
        },
        **{
            f"POST /v1/penalties/{{penalty_id}}/{step}": Line(who="platform", at=penalty, json=TEXT)
            for step in ("statement", "hearing-request", "deferral-request")
        },
        "POST /v1/penalties/{penalty_id}/responsible-persons": Line(who="hrss", at=penalty, json=RESPONSIBLE),
        "GET /v1/penalties/{penalty_id}/responsible-persons": Line(who="hrss", at=penalty),
        "GET /v1/penalties/{penalty_id}/person": Line(who="hrss", at={"penalty_id": "p-person"}),
        "GET /v1/penalties/{penalty_id}/shown-evidence": Line(who="platform", at=penalty),
        "GET /v1/penalties/{penalty_id}/shown-evidence/{evidence_id}/content": Line(
            who="platform", at=penalty | {"evidence_id": shown_file.id}
        ),
        "POST /v1/penalties/{penalty_id}/recusal-requests": Line(who="platform", at=penalty, json=REASON),
        "GET /v1/penalties/{penalty_id}/recusal-requests": Line(who="platform hrss", at=penalty),
        "POST /v1/penalties/{penalty_id}/recusal-requests/{request_id}/decision": Line(
            who="hrss", at=penalty | {"request_id": "r-penalty"}, json=REASON | {"agrees": False}
        ),
        "POST /v1/penalties/{penalty_id}/waiver": Line(who="platform", at=penalty),
        "POST /v1/penalties/{penalty_id}/evidence": Line(
            who="platform hrss", at=penalty, data={"about": "凭证"}, files=file
        ),
        "GET /v1/penalties/{penalty_id}/evidence": Line(who="platform hrss", at=penalty),
        "GET /v1/penalties/{penalty_id}/evidence/{evidence_id}/content": Line(
            who="platform hrss", at=penalty | {"evidence_id": handed_in.id}
        ),
        "POST /v1/preservations": Line(who="hrss", json=KEEPING),
        "GET /v1/preservations": Line(who="platform hrss", shows="k-own"),
        "GET /v1/preservations/{preservation_id}": Line(who="hrss", at=kept_at),
        "GET /v1/preservations/{preservation_id}/list": Line(who="platform", at=kept_at),
        "POST /v1/preservations/{preservation_id}/approval": Line(who="hrss", at=kept_at),
        "POST /v1/preservations/{preservation_id}/refusal": Line(who="hrss", at=kept_at, json=TEXT),
        "POST /v1/preservations/{preservation_id}/decision": Line(
            who="hrss", at=kept_at, json=TEXT | {"outcome": "returned"}
        ),
        "POST /v1/credit-listings": Line(who="hrss", json=LISTING),
        "GET /v1/public-credit-listings": Line(who="public"),
        "GET /v1/credit-listings": Line(who="platform hrss", shows="c-own"),
        "GET /v1/credit-listings/{listing_id}": Line(who="platform hrss", at=listing),
        **{
            f"POST /v1/credit-listings/{{listing_id}}/{step}": Line(who="hrss", at=listing, json=body)
            for step, body in LISTING_STEPS.items()
        },
        "POST /v1/credit-listings/{listing_id}/responsible-persons": Line(who="hrss", at=listing, json=NAMED),
        "GET /v1/credit-listings/{listing_id}/responsible-persons/{person_id}": Line(who="hrss", at=named),
        **{
            f"POST /v1/credit-listings/{{listing_id}}/responsible-persons/{{person_id}}/{step}": Line(
                who="hrss", at=named, json=body
            )
            for step, body in NAMED_STEPS.items()
        },
        "POST /v1/credit-listings/{listing_id}/statement": Line(who="platform", at=listing, json=TEXT),
        "POST /v1/credit-listings/{listing_id}/removal-request": Line(
            who="platform", at=listing, json=TEXT | {"put_right_on": str(DAY), "pledged": True}
        ),
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
        "POST /v1/disputes": Line(who="workers", json=DISPUTE),
        "POST /v1/disputes/applications": Line(
            who="platform", json=APPLICATION | {"claims": [{"kind": "damages", "known_on": str(DAY)}]}
        ),
        "POST /v1/disputes/joining": Line(
            who="worker", json={"number": early.json()["number"], "claims": DISPUTE["claims"]}
        ),
        "POST /v1/disputes/{dispute_id}/joining": Line(
            who="worker hrss", at=dispute, json={"worker_id": "w-asks", "agrees": True}
        ),
        "POST /v1/disputes/{dispute_id}/parties": Line(
            who="worker hrss", at=dispute, json={"enterprise": make_uscc("MA0000009")}
        ),
        "POST /v1/disputes/{dispute_id}/successions": Line(
            who="hrss",
            at=dispute,
            json={"enterprise": OWN, "successors": [make_uscc("MA0000008")], "ground": "merger", "text": "吸收合并"},
        ),
        "POST /v1/disputes/{dispute_id}/counter-applications": Line(
            who="worker platform", at=dispute, json={"text": "赔偿损失", "claims": DISPUTE["claims"]}
        ),
        "POST /v1/disputes/{dispute_id}/counter-applications/{counter_id}/decision": Line(
            who="hrss", at=dispute | {"counter_id": "1"}, json={"outcome": "accepted"}
        ),
        "POST /v1/disputes/{dispute_id}/counter-applications/{counter_id}/answer": Line(
            who="worker platform", at=dispute | {"counter_id": "1"}, json={"text": "不同意"}
        ),
        "POST /v1/disputes/{dispute_id}/counter-applications/{counter_id}/withdrawal": Line(
            who="worker platform", at=dispute | {"counter_id": "1"}, json={}
        ),
        "POST /v1/disputes/{dispute_id}/counter-applications/{counter_id}/suit": Line(
            who="worker platform", at=dispute | {"counter_id": "1"}, json={}
        ),
        "POST /v1/disputes/{dispute_id}/tried-together": Line(
            who="hrss", at=dispute, json={"dispute_id": dispute["dispute_id"]}
        ),
        "GET /v1/disputes": Line(who="worker platform hrss", shows=dispute["dispute_id"]),
        "GET /v1/disputes/{dispute_id}": Line(who="worker platform hrss", at=dispute),
        "POST /v1/disputes/{dispute_id}/steps": Line(who="worker platform hrss", at=dispute, json={"step": "perform"}),
        "POST /v1/disputes/{dispute_id}/facts": Line(
            who="worker hrss", at=dispute, json={"ground": "asked_authority", "first": str(DAY)}
        ),
        "PUT /v1/disputes/{dispute_id}/representatives": Line(
            who="hrss", at=dispute, json={"representatives": [WORKER]}
        ),
        "GET /v1/disputes/{dispute_id}/similar": Line(who="hrss", at=dispute),
        "POST /v1/disputes/{dispute_id}/evidence": Line(
            who="worker platform hrss", at=dispute, files={"file": FILE}, data={"about": "工资条"}
        ),
        "GET /v1/disputes/{dispute_id}/evidence": Line(who="worker platform hrss", at=dispute),
        "GET /v1/disputes/{dispute_id}/evidence/{evidence_id}": Line(who="worker hrss", at=evidence),
        "POST /v1/disputes/{dispute_id}/evidence/{evidence_id}/disclosure": Line(
            who="hrss", at=evidence, json={"to": "enterprise"}
        ),
        "POST /v1/rulings": Line(who="hrss court", json=RULING),
        "GET /v1/rulings": Line(who="hrss court", query={"state": "recorded"}, shows=ruling["ruling_id"]),
        "GET /v1/rulings/{ruling_id}": Line(who="hrss court", at=ruling),
        "POST /v1/rulings/{ruling_id}/check": Line(who="hrss court", at=ruling, json={"anonymous": True}),
        "GET /v1/audit": Line(who="hrss!"),
        "GET /v1/statistics": Line(who="art16!"),
        "POST /v1/trials": Line(who="hrss!", json={"month": "2026-09", "parameters": DRAFT}),
        "GET /v1/trials": Line(who="hrss!"),
        "GET /v1/trials/{trial_id}": Line(who="hrss!", at={"trial_id": "trial-own"}),
        "GET /v1/statistics/{matter}": Line(who="art16*", at={"matter": "case"}, query={"year": "2026"}),
        "GET /v1/statistics/{matter}/table": Line(who="art16*", at={"matter": "case"}, query={"year": "2026"}),
    }


async def test_every_route_has_its_line_and_every_line_its_route(table: dict[str, Line], complaints: Harness) -> None:
    assert set(table) == routes(complaints)


async def test_nobody_gets_through_but_whom_the_table_names(table: dict[str, Line], complaints: Harness) -> None:
    assert await misjudged(complaints, table) == []
