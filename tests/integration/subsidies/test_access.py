"""Every route of the subsidies service as every kind of caller."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any, Literal

import pytest_asyncio

from services.subsidies.appeals.documents import Appeal
from services.subsidies.appeals.documents import encrypted_text as appeal_text
from services.subsidies.applications.documents import NAME, STATED, Application, encrypted
from services.subsidies.attendance.documents import Sign
from services.subsidies.bank_results.documents import ResultFile
from services.subsidies.batches.documents import Batch
from services.subsidies.budgets.documents import Budget, BudgetChange, encrypted_reason
from services.subsidies.bulk.documents import ApplicationSheet
from services.subsidies.certificates import access as certificates_access
from services.subsidies.certificates.documents import Certificate
from services.subsidies.counselling.documents import Referral, encrypted_words
from services.subsidies.decisions.documents import Decision, encrypted_record
from services.subsidies.employment_assistance.documents import Offer, encrypted_text
from services.subsidies.enrolments.documents import Enrolment
from services.subsidies.grants.documents import PanelDecision, encrypted_minutes
from services.subsidies.officers.documents import MoneyOfficer
from services.subsidies.payments.documents import Payment, sealed
from services.subsidies.payments.rules import Payee
from services.subsidies.programmes.documents import Programme
from services.subsidies.providers.documents import Provider, encrypted_phone
from services.subsidies.public_lists.documents import Objection
from services.subsidies.public_lists.documents import encrypted_text as objection_text
from services.subsidies.recognition.documents import Recognition, encrypted_category
from services.subsidies.recoveries.documents import Recovery, encrypted_note
from services.subsidies.revisions.documents import Revision
from services.subsidies.titles import commands as titles
from services.subsidies.titles.documents import Nomination
from shared.storage.records import Record
from shared.storage.transaction import Transaction, transact
from tests.harness import Harness
from tests.integration.access import CITY, ELSEWHERE, HERE, OPERATIONS, OWN, UNION, WORKER, Line, misjudged, routes
from tests.integration.subsidies.bodies import FILINGS, course, filed_as

PROGRAMMES = "/v1/training-programme-filings"
PATH = "/v1/subsidy-applications"
COURSES = "/v1/training-programmes"
ENROLMENTS = "/v1/training-enrolments"
SIGNS = "/v1/attendance-signs"
TITLES = "/v1/title-nominations"
DAY = dt.date(2026, 9, 1)
MONTHS = {"group": "hard_to_employ", "first": "2026-03", "last": "2026-06", "pledge": "true"}
PANEL = {"decided_on": "2026-09-01", "members": 5, "amount": "1.00", "minutes": "同意"}
PNG = b"\x89PNG\r\n\x1a\n" + bytes(100)
VISIT = {"visited_on": "2026-09-01", "companion": "officer:other", "found": {"illness": True}, "note": "属实"}


def _application(key: str, worker_id: str, district: str, **more: Any) -> Application:
    fields: dict[str, Any] = {
        "number": key,
        "kind": "training",
        "applicant_kind": "person",
        "applicant_id": worker_id,
        "parties": [f"worker:{worker_id}", f"platform:{OWN}", f"provider:{OWN}", f"union:{UNION}"],
        "subjects": [worker_id],
        "name": encrypted(NAME, key, "张三"),
        "stated": encrypted(STATED, key, '{"course": "网约配送员", "completed_on": "2026-09-01"}'),
        "district": district,
        "department": "hrss",
        "state": "notice",
        "filed_on": DAY,
        "notice_since": dt.date(2020, 1, 1),
        "notice_until": dt.date(2099, 1, 1),
        "public": True,
    }
    return Application(id=key, **fields | more)


async def _of_kinds(tx: Transaction) -> None:
    """What the kinds of application keep by themselves."""
    await Recognition(
        id="rec-own",
        number="R-1",
        worker_id=WORKER,
        category=encrypted_category("rec-own", "older"),
        district=HERE,
        department="hrss",
        since=DAY,
        offers=1,
    ).put(tx)
    await Offer(
        id="rec-own:001",
        recognition_id="rec-own",
        worker_id=WORKER,
        kind="vacancy",
        text=encrypted_text("rec-own:001", "x"),
        offered_on=DAY,
        offered_by="x",
    ).put(tx)
    await _application("a-grant", WORKER, HERE, kind="grant").put(tx)
    await _application("a-hardship", WORKER, HERE, kind="hardship", department="union", public=False).put(tx)
    for district in (HERE, ELSEWHERE, CITY):
        panel_id = PanelDecision.key("a-grant", district)
        await PanelDecision(
            id=panel_id,
            application_id="a-grant",
            district=district,
            decided_on=DAY,
            members=5,
            amount=Decimal("1.00"),
            minutes=encrypted_minutes(panel_id, "同意"),
            entered_by="officer:1",
        ).put(tx)
    words = encrypted_words("ref-own", "想找人聊聊")
    await Referral(id="ref-own", worker_id=WORKER, district=HERE, union=UNION, words=words).put(tx)


async def _documents(tx: Transaction) -> None:
    await _of_kinds(tx)
    certificate = Certificate(
        id="c-own",
        number="C-1",
        worker_id=WORKER,
        platform=OWN,
        worker_ref="w1",
        course="网约配送员",
        hours=24,
        completed_on=DAY,
        district=HERE,
        evaluator=OWN,
    )
    own = _application("a-own", WORKER, HERE)
    others = [
        Decision(
            id="a-own:001",
            application_id="a-own",
            kind="training",
            applicant_kind="person",
            day=DAY,
            decided_on=DAY,
            digest="0",
            record=encrypted_record("a-own:001", b"{}"),
        ),
        Revision(
            id="r-own",
            application_id="a-own",
            number="A-1",
            kind="training",
            department="hrss",
            district=HERE,
            cause="facts",
            approved=None,
            difference=None,
            against=[],
            used=[],
        ),
        Objection(id="o-own", application_id="a-own", by=f"worker:{WORKER}", text=objection_text("o-own", "异议")),
        Appeal(
            id="ap-own",
            application_id="a-own",
            forum="review",
            filed_on=DAY,
            text=appeal_text("ap-own", "不服"),
            decided=[],
            due_on=None,
        ),
    ]
    filing = Provider(
        id=f"{OWN}-training_body",
        uscc=OWN,
        kind="training_body",
        name="本校",
        district=HERE,
        address="本址",
        phone=encrypted_phone(f"{OWN}-training_body", "13800138000"),
        occupations=[],
        department="hrss",
        state="filed",
        valid_from=dt.date(2026, 1, 1),
        valid_to=dt.date(2099, 1, 1),
    )
    programme = Programme(
        id="p-own",
        number="P-1",
        filing=filing.id,
        provider=OWN,
        provider_name="本校",
        title="网约配送员初级班",
        industry="instant_delivery",
        occupation="4-02-07-10",
        occupation_name="网约配送员",
        level="junior",
        hours=8,
        capacity=30,
        mode="online",
        address="本址",
        district=HERE,
        starts_on=DAY,
        ends_on=DAY,
        enrol_until=DAY,
        sessions=[],
        evaluator_filing=None,
        evaluator=OWN,
        department="hrss",
        state="published",
    )
    enrolment = Enrolment(
        id="e-own",
        number="E-1",
        programme_id="p-own",
        title="网约配送员初级班",
        starts_on=DAY,
        worker_id=WORKER,
        agent="platform",
        agent_id=OWN,
        provider=OWN,
        bodies=[OWN],
        department="hrss",
        district=HERE,
        state="enrolled",
    )
    by_union = enrolment.model_copy(update={"id": "e-union", "number": "E-2", "worker_id": "w-2", "agent_id": UNION})
    sign = Sign(
        id="s-own",
        worker_id=WORKER,
        enrolments=["e-own", "e-union"],
        sessions=[],
        department="hrss",
        district=HERE,
        state="open",
    )
    nomination = Nomination(
        id="n-own",
        number="N-1",
        worker_id=WORKER,
        nominator="platform",
        nominator_id=OWN,
        nominator_name="本平台",
        title="物流助理工程师",
        rank="assistant",
        year=2026,
        district=HERE,
        materials=[],
        missing=None,
        state="submitted",
    )
    by_association = nomination.model_copy(
        update={"id": "n-union", "number": "N-2", "worker_id": "w-2", "nominator": "association", "nominator_id": UNION}
    )
    training = (filing, programme, enrolment, by_union, sign, nomination, by_association)
    for one in (certificate, own, *others, *training, *_money()):
        await one.put(tx)


OWNERS: list[tuple[Literal["platform", "union"], str]] = [("platform", OWN), ("union", UNION)]


def _money() -> list[Record]:
    """The officers of the two districts that may act on money, and some money of one district."""
    officers = [
        MoneyOfficer(id=f"officer:hrss-{district}", department="hrss", district=district, duties=["finance", "head"])
        for district in (HERE, CITY)
    ]
    where: dict[str, Any] = {
        "kind": "training",
        "source": "employment_fund",
        "year": 2026,
        "department": "hrss",
        "district": HERE,
    }
    change = BudgetChange(
        id="change-own",
        **where,
        purpose="allot",
        amount=Decimal("1.00"),
        reason=encrypted_reason("change-own", "年初"),
        proposed_by="x",
    )
    payee = Payee(name="李测试", account="6222020000000000001")
    payment = Payment(
        id="payment-own",
        application_id="a-own",
        number="A-1",
        **where,
        role="worker",
        applicant=WORKER,
        **sealed("payment-own", payee),
        amount=Decimal("1.00"),
        due_on=DAY,
        state="paid",
        recoveries=1,
    )
    batch = Batch(
        id="20260901-001",
        kind="training",
        source="employment_fund",
        department="hrss",
        district=HERE,
        day=DAY,
        layout="plain",
        purpose="补贴",
        state="concluded",
        made_by="x",
    )
    recovery = Recovery(
        id="payment-own:r1",
        payment_id="payment-own",
        department="hrss",
        district=HERE,
        role="worker",
        applicant=WORKER,
        amount=Decimal("1.00"),
        reason="not_entitled",
        note=encrypted_note("payment-own:r1", "不符合条件"),
        heard_by=DAY,
        asked=1,
        opened_by="x",
    )
    result = ResultFile(
        id="20260901-001:own", batch=batch.id, district=HERE, sha256="0" * 64, lines=0, parts=0, sent_by="x"
    )
    sheets = [
        ApplicationSheet(id=f"sheet-{role}", kind="training", role=role, owner=owner, subject=UNION, rows=0)
        for role, owner in OWNERS
    ]
    return [
        *sheets,
        *officers,
        change,
        Budget(id="2026:training:employment_fund:510603", **where),
        payment,
        batch,
        recovery,
        result,
    ]


MONEY_BODY: dict[str, Any] = {"kind": "training", "source": "employment_fund", "district": HERE}


def _money_lines() -> dict[str, Line]:
    """Who may call the routes on money: of officers those who are on its register."""
    change, payment, recovery = (
        {"change_id": "change-own"},
        {"payment_id": "payment-own"},
        {"recovery_id": "payment-own:r1"},
    )
    batch = {"batch_id": "20260901-001"}
    result = batch | {"result_id": "20260901-001:own"}
    batches, many = "/v1/payment-batches", {"limit": "500"}
    sheet, training = {"sheet_id": "sheet-platform"}, {"kind": "training"}
    claim = {"amount": "1.00", "reason": "not_entitled", "note": "不符合条件"}
    account = {"name": "李测试", "account": "6222020000000000002"}
    return {
        "GET /v1/audit": Line(who="hrss!"),
        "GET /v1/application-sheets/form": Line(who="platforms unions", query=training),
        "POST /v1/application-sheets": Line(who="platforms unions", query=training, content=b"x"),
        "GET /v1/application-sheets": Line(who="platform", query=many, shows="sheet-platform"),
        "GET /v1/application-sheets/{sheet_id}": Line(who="platform", at=sheet),
        "GET /v1/application-sheets/{sheet_id}/rows": Line(who="platform", at=sheet, query={"state": "refused"}),
        "GET /v1/application-sheets/{sheet_id}/refusals": Line(who="platform", at=sheet),
        "PUT /v1/money-officers/{subject}": Line(
            who="hrss operator", at={"subject": "new"}, json={"district": HERE, "duties": ["head"]}
        ),
        "GET /v1/money-officers": Line(who="hrss"),
        "GET /v1/money-officers/{subject}": Line(who="hrss", at={"subject": f"officer:hrss-{HERE}"}),
        "GET /v1/budgets": Line(who="hrss", query=many, shows="2026:training"),
        "GET /v1/budgets/{budget_id}": Line(who="hrss", at={"budget_id": "2026:training:employment_fund:510603"}),
        "GET /v1/budgets/{budget_id}/queue": Line(who="hrss", at={"budget_id": "2026:training:employment_fund:510603"}),
        "POST /v1/budgets/{budget_id}/carry-over": Line(
            who="hrss", at={"budget_id": "2026:training:employment_fund:510603"}
        ),
        "POST /v1/budget-changes": Line(
            who="hrss", json=MONEY_BODY | {"year": 2026, "purpose": "allot", "amount": "1.00", "reason": "年初"}
        ),
        "GET /v1/budget-changes": Line(who="hrss", query=many, shows="change-own"),
        "GET /v1/budget-changes/{change_id}": Line(who="hrss", at=change),
        "POST /v1/budget-changes/{change_id}/approval": Line(who="hrss", at=change),
        "POST /v1/budget-changes/{change_id}/refusal": Line(who="hrss", at=change),
        "GET /v1/subsidy-payments": Line(who="worker hrss", query=many, shows="payment-own"),
        "GET /v1/subsidy-payments/{payment_id}": Line(who="worker hrss", at=payment),
        "PUT /v1/subsidy-payments/{payment_id}/account": Line(who="worker", at=payment, json=account),
        "POST /v1/subsidy-payments/{payment_id}/cancellation": Line(who="hrss", at=payment),
        "POST /v1/subsidy-payments/{payment_id}/bank-finding": Line(
            who="hrss", at=payment, json={"found": "paid", "on": "2026-09-02", "evidence": "回单1"}
        ),
        "POST /v1/subsidy-payments/{payment_id}/recoveries": Line(who="hrss", at=payment, json=claim),
        f"POST {batches}": Line(who="hrss", json=MONEY_BODY | {"day": "2026-09-02"}),
        f"GET {batches}": Line(who="hrss", query=many, shows="20260901-001"),
        f"GET {batches}/{{batch_id}}": Line(who="hrss", at=batch),
        f"GET {batches}/{{batch_id}}/lines": Line(who="hrss", at=batch),
        f"POST {batches}/{{batch_id}}/approval": Line(who="hrss", at=batch),
        f"POST {batches}/{{batch_id}}/cancellation": Line(who="hrss", at=batch),
        f"POST {batches}/{{batch_id}}/exports": Line(who="hrss", at=batch),
        f"POST {batches}/{{batch_id}}/results": Line(who="hrss", at=batch, content="流水号,金额,结果".encode()),
        f"POST {batches}/{{batch_id}}/result-rows": Line(
            who="hrss", at=batch, json={"rows": [{"reference": "x", "amount": "1.00", "result": "paid"}]}
        ),
        f"GET {batches}/{{batch_id}}/results": Line(who="hrss", at=batch, shows="20260901-001:own"),
        f"GET {batches}/{{batch_id}}/results/{{result_id}}": Line(who="hrss", at=result),
        f"GET {batches}/{{batch_id}}/results/{{result_id}}/lines": Line(
            who="hrss", at=result, query={"heap": "matched"}
        ),
        "GET /v1/subsidy-recoveries": Line(who="worker hrss", query=many, shows="payment-own:r1"),
        "GET /v1/subsidy-recoveries/{recovery_id}": Line(who="worker hrss", at=recovery),
        "POST /v1/subsidy-recoveries/{recovery_id}/statement": Line(
            who="worker", at=recovery, json={"text": "我符合条件"}
        ),
        "POST /v1/subsidy-recoveries/{recovery_id}/decision": Line(who="hrss", at=recovery),
        "POST /v1/subsidy-recoveries/{recovery_id}/receipts": Line(
            who="hrss", at=recovery, json={"reference": "T1", "amount": "1.00", "on": str(DAY)}
        ),
        "POST /v1/subsidy-recoveries/{recovery_id}/agreement": Line(
            who="hrss", at=recovery, json={"instalments": 1, "first": "2099-01-01"}
        ),
        "POST /v1/subsidy-recoveries/{recovery_id}/cancellation": Line(who="hrss", at=recovery),
        "POST /v1/subsidy-recoveries/{recovery_id}/write-off": Line(who="hrss", at=recovery),
    }


async def _paper(tx: Transaction) -> str:
    """A file of the nomination of one's own."""
    nomination = await Nomination.of("n-own", tx)
    assert nomination is not None
    scan = titles.File(kind="work_summary", name="总结.png", content=PNG)
    return (await titles.add_paper(nomination, scan, tx)).papers[0].id


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def table(subsidies: Harness) -> dict[str, Line]:
    """Who may call which route."""
    await transact(_documents)
    paper = {"nomination_id": "n-own", "paper_id": await transact(_paper)}
    own = {"application_id": "a-own"}
    asked = {
        "kind": "training",
        "name": "张三",
        "district": HERE,
        "stated": {"course": "网约配送员", "completed_on": str(DAY)},
        "applicant": {"kind": "person", "id": WORKER},
        "mandate": {"number": "委1", "until": "2099-01-01"},
        "submit": False,
    }
    content = {"stated": asked["stated"]}
    parties = "worker platform provider union"
    objection, appeal = {**own, "objection_id": "o-own"}, {**own, "appeal_id": "ap-own"}
    revision = {"revision_id": "r-own"}
    filed = {"filing_id": f"{OWN}-training_body"}
    programme = {"programme_id": "p-own"}
    enrolment, sign, certificate = {"enrolment_id": "e-own"}, {"sign_id": "s-own"}, {"certificate_id": "c-own"}
    nomination = {"nomination_id": "n-own"}
    papers = {"materials": [{"kind": "work_summary", "text": "从业五年"}]}
    why = {"reason": "核查"}
    certificates_access._limiter.cache_clear()  # others have verified before
    return (
        OPERATIONS
        | _money_lines()
        | _kind_lines()
        | {
            f"POST {FILINGS}": Line(who="providers", json=filed_as("vocational_school")),
            f"GET {FILINGS}": Line(who="provider hrss", query={"limit": "500"}, shows=filed["filing_id"]),
            f"GET {FILINGS}/{{filing_id}}": Line(who="provider hrss", at=filed),
            f"POST {FILINGS}/{{filing_id}}/acceptance": Line(
                who="hrss", at=filed, json={"valid_from": "2026-01-01", "valid_to": "2099-01-01"}
            ),
            f"POST {FILINGS}/{{filing_id}}/renewal": Line(who="hrss", at=filed, json={"valid_to": "2099-02-01"}),
            f"POST {FILINGS}/{{filing_id}}/refusal": Line(who="hrss", at=filed, json=why),
            f"POST {FILINGS}/{{filing_id}}/withdrawal": Line(who="provider", at=filed),
            f"POST {FILINGS}/{{filing_id}}/suspension": Line(who="hrss", at=filed, json=why),
            f"POST {FILINGS}/{{filing_id}}/resumption": Line(who="hrss", at=filed),
            f"POST {FILINGS}/{{filing_id}}/removal": Line(who="hrss", at=filed, json=why),
            "GET /v1/training-providers": Line(who="everybody"),
            f"POST {PROGRAMMES}": Line(who="providers", json=course()),
            f"GET {PROGRAMMES}": Line(who="provider hrss", query={"limit": "500"}, shows="p-own"),
            f"GET {PROGRAMMES}/{{programme_id}}": Line(who="provider hrss", at=programme),
            f"POST {PROGRAMMES}/{{programme_id}}/publication": Line(who="hrss", at=programme),
            f"POST {PROGRAMMES}/{{programme_id}}/refusal": Line(who="hrss", at=programme, json=why),
            f"POST {PROGRAMMES}/{{programme_id}}/withdrawal": Line(who="provider", at=programme),
            f"POST {PROGRAMMES}/{{programme_id}}/cancellation": Line(who="provider hrss", at=programme, json=why),
            "GET /v1/training-programmes": Line(who="everybody"),
            "GET /v1/training-programmes/{programme_id}": Line(who="everybody", at=programme),
            f"POST {COURSES}/{{programme_id}}/enrolments": Line(who="workers", at=programme),
            f"POST {COURSES}/{{programme_id}}/enrolment-lists": Line(
                who="platforms unions", at=programme, json={"workers": [{"worker_id": "w-3"}], "agreed": True}
            ),
            f"GET {COURSES}/{{programme_id}}/places": Line(who="everybody", at=programme),
            f"POST {COURSES}/{{programme_id}}/attendance": Line(
                who="provider provincial", at=programme, json={"rows": [{"enrolment_id": "e-own", "session": "s1"}]}
            ),
            f"POST {COURSES}/{{programme_id}}/completions": Line(
                who="provider hrss", at=programme, json={"enrolments": ["nobody"]}
            ),
            f"POST {COURSES}/{{programme_id}}/examination-results": Line(
                who="provider",
                at=programme,
                json={"results": [{"enrolment_id": "e-own", "taken_on": str(DAY), "passed": True}]},
            ),
            f"GET {ENROLMENTS}": Line(who="worker platform provider hrss", query={"limit": "500"}, shows="e-own"),
            f"GET {ENROLMENTS}/{{enrolment_id}}": Line(who="worker platform provider hrss", at=enrolment),
            f"GET {ENROLMENTS}/{{enrolment_id}}/sessions": Line(
                who="provider union hrss", at={"enrolment_id": "e-union"}
            ),
            f"GET {ENROLMENTS}/{{enrolment_id}}/results": Line(who="worker platform provider hrss", at=enrolment),
            f"POST {ENROLMENTS}/{{enrolment_id}}/withdrawal": Line(who="worker platform", at=enrolment),
            f"GET {SIGNS}": Line(who="hrss", query={"limit": "500"}, shows="s-own"),
            f"GET {SIGNS}/{{sign_id}}": Line(who="hrss", at=sign),
            f"POST {SIGNS}/{{sign_id}}/judgement": Line(who="hrss", at=sign, json={"strike": [], "note": "核查"}),
            "GET /v1/certificates": Line(who="worker provider hrss", query={"limit": "500"}, shows="c-own"),
            "GET /v1/certificates/verification": Line(who="public", query={"number": "C-0", "name": "某"}),
            "GET /v1/certificates/{certificate_id}": Line(who="worker provider hrss", at=certificate),
            "GET /v1/certificates/{certificate_id}/print": Line(who="worker", at=certificate),
            "POST /v1/certificates/{certificate_id}/revocation": Line(who="provider hrss", at=certificate, json=why),
            f"POST {TITLES}": Line(who="platforms unions", json=papers),
            f"GET {TITLES}": Line(who="worker platform hrss", query={"limit": "500"}, shows="n-own"),
            f"GET {TITLES}/{{nomination_id}}": Line(who="union hrss", at={"nomination_id": "n-union"}),
            f"PUT {TITLES}/{{nomination_id}}/materials": Line(who="platform", at=nomination, json=papers),
            f"POST {TITLES}/{{nomination_id}}/papers": Line(
                who="platform",
                at=nomination,
                files={"file": ("a.png", PNG, "image/png")},
                data={"kind": "work_summary"},
            ),
            f"GET {TITLES}/{{nomination_id}}/papers/{{paper_id}}": Line(who="worker platform hrss", at=paper),
            f"POST {TITLES}/{{nomination_id}}/withdrawal": Line(who="worker platform", at=nomination),
            f"POST {TITLES}/{{nomination_id}}/return": Line(who="hrss", at=nomination, json={"note": "缺材料"}),
            f"POST {TITLES}/{{nomination_id}}/refusal": Line(who="hrss", at=nomination, json={"note": "不符"}),
            f"POST {TITLES}/{{nomination_id}}/forwarding": Line(
                who="hrss", at=nomination, json={"review_body": "市评委会"}
            ),
            f"POST {TITLES}/{{nomination_id}}/result": Line(
                who="hrss", at=nomination, json={"awarded": True, "decided_on": str(DAY)}
            ),
            "GET /v1/subsidy-kinds": Line(who="everybody"),
            f"POST {PATH}": Line(who="workers platforms providers unions", json=asked),
            f"GET {PATH}": Line(who=f"{parties} hrss", query={"limit": "500"}, shows="a-own"),
            f"GET {PATH}/{{application_id}}": Line(who=f"{parties} hrss", at=own),
            f"PUT {PATH}/{{application_id}}": Line(who=parties, at=own, json=content),
            f"POST {PATH}/{{application_id}}/submission": Line(who=parties, at=own),
            f"POST {PATH}/{{application_id}}/supplement": Line(who=parties, at=own),
            f"POST {PATH}/{{application_id}}/withdrawal": Line(who=parties, at=own),
            f"POST {PATH}/{{application_id}}/acceptance": Line(who="hrss", at=own),
            f"POST {PATH}/{{application_id}}/supplement-request": Line(who="hrss", at=own, json={"what": "材料"}),
            f"POST {PATH}/{{application_id}}/proposal": Line(who="hrss", at=own),
            f"POST {PATH}/{{application_id}}/review": Line(who="hrss", at=own, json={"approve": False}),
            f"POST {PATH}/{{application_id}}/confirmation": Line(who="hrss", at=own, json={}),
            f"POST {PATH}/{{application_id}}/endorsement": Line(who="hrss", at=own),
            f"POST {PATH}/{{application_id}}/return": Line(who="hrss", at=own, json=why),
            f"POST {PATH}/{{application_id}}/approval": Line(who="hrss", at=own),
            f"POST {PATH}/{{application_id}}/payment": Line(who="hrss", at=own, json={}),
            f"POST {PATH}/{{application_id}}/recusal": Line(who="hrss", at=own),
            f"POST {PATH}/{{application_id}}/services": Line(
                who="hrss", at=own, json={"way": "direct", "on": str(DAY), "evidence": "回证"}
            ),
            f"POST {PATH}/{{application_id}}/service-corrections": Line(
                who="hrss", at=own, json={"reason": "误录", "anew": None}
            ),
            f"GET {PATH}/{{application_id}}/decisions/{{number}}": Line(who="hrss", at={**own, "number": "1"}),
            "GET /v1/subsidy-notices": Line(who="public"),
            "GET /v1/public-subsidies": Line(who="public"),
            "POST /v1/subsidy-notices/{application_id}/objections": Line(
                who="everybody", at=own, json={"text": "异议"}
            ),
            "GET /v1/subsidy-objections": Line(who="worker", shows="o-own"),
            f"GET {PATH}/{{application_id}}/objections": Line(who="hrss", at=own),
            f"GET {PATH}/{{application_id}}/objections/{{objection_id}}": Line(who="hrss", at=objection),
            f"POST {PATH}/{{application_id}}/objections/{{objection_id}}/decision": Line(
                who="hrss", at=objection, json={"upheld": False, "answer": "不属实"}
            ),
            f"POST {PATH}/{{application_id}}/appeals": Line(
                who=parties, at=own, json={"forum": "review", "text": "不服"}
            ),
            f"GET {PATH}/{{application_id}}/appeals": Line(who=f"{parties} hrss", at=own),
            f"GET {PATH}/{{application_id}}/appeals/{{appeal_id}}": Line(who=f"{parties} hrss", at=appeal),
            f"POST {PATH}/{{application_id}}/appeals/{{appeal_id}}/withdrawal": Line(who=parties, at=appeal),
            f"POST {PATH}/{{application_id}}/appeals/{{appeal_id}}/outcome": Line(
                who="hrss", at=appeal, json={"upheld": True, "document": "1", "answer": "维持"}
            ),
            "GET /v1/subsidy-revisions": Line(who="hrss", query={"limit": "500"}, shows="r-own"),
            "GET /v1/subsidy-revisions/{revision_id}": Line(who="hrss", at=revision),
            "POST /v1/subsidy-revisions/{revision_id}/proposal": Line(
                who="hrss", at=revision, json={"answer": "drop", "reason": "核查"}
            ),
            "POST /v1/subsidy-revisions/{revision_id}/return": Line(who="hrss", at=revision),
            "POST /v1/subsidy-revisions/{revision_id}/confirmation": Line(who="hrss", at=revision),
            "GET /v1/statistics/applications": Line(who="art16*", query={"year": "2026"}),
            "GET /v1/statistics/applications/table": Line(who="art16*", query={"year": "2026"}),
            "GET /v1/statistics": Line(who="art16!"),
        }
    )


def _kind_lines() -> dict[str, Line]:
    """What the kinds of application have by themselves."""
    recognition, referral = {"recognition_id": "rec-own"}, {"referral_id": "ref-own"}
    offer = recognition | {"offer_id": "rec-own:001"}
    grant, hardship = {"application_id": "a-grant"}, {"application_id": "a-hardship"}
    return {
        "GET /v1/workers/me/known-facts": Line(who="workers"),
        "GET /v1/flexible-subsidy-estimate": Line(who="workers", query=MONTHS),
        "GET /v1/recognitions": Line(who="worker hrss", query={"limit": "500"}, shows="rec-own"),
        "GET /v1/recognitions/{recognition_id}": Line(who="worker hrss", at=recognition),
        "POST /v1/recognitions/{recognition_id}/check": Line(who="hrss", at=recognition, json={}),
        "POST /v1/recognitions/{recognition_id}/revocation": Line(
            who="hrss", at=recognition, json={"ending": "revoked", "reason": "x"}
        ),
        "POST /v1/recognitions/{recognition_id}/revocation/confirmation": Line(who="hrss", at=recognition),
        "POST /v1/recognitions/{recognition_id}/assistance": Line(
            who="hrss", at=recognition, json={"kind": "vacancy", "text": "x"}
        ),
        "GET /v1/recognitions/{recognition_id}/assistance": Line(who="worker hrss", at=recognition),
        "GET /v1/recognitions/{recognition_id}/assistance/{offer_id}": Line(who="worker hrss", at=offer),
        "POST /v1/recognitions/{recognition_id}/assistance/{offer_id}/answer": Line(
            who="worker", at=offer, json={"accepts": True}
        ),
        "POST /v1/recognitions/{recognition_id}/renunciation": Line(who="worker", at=recognition),
        "PUT /v1/employment-grant-panels/{application_id}": Line(who="hrss*", at=grant, json=PANEL),
        "GET /v1/employment-grant-panels/{application_id}": Line(who="hrss*", at=grant),
        "POST /v1/hardship-applications/{application_id}/visits": Line(who="union_office*", at=hardship, json=VISIT),
        "GET /v1/hardship-applications/{application_id}/visits": Line(who="union_office*", at=hardship),
        "POST /v1/counselling-referrals": Line(who="workers", json={"district": HERE, "words": "想找人聊聊"}),
        "GET /v1/counselling-referrals": Line(who="worker union union_office", query={"limit": "500"}, shows="ref-own"),
        "GET /v1/counselling-referrals/{referral_id}": Line(who="worker union union_office", at=referral),
        "POST /v1/counselling-referrals/{referral_id}/assignment": Line(
            who="union_office", at=referral, json={"union": UNION}
        ),
        "POST /v1/counselling-referrals/{referral_id}/acceptance": Line(who="union", at=referral),
        "POST /v1/counselling-referrals/{referral_id}/refusal": Line(who="union", at=referral),
        "POST /v1/counselling-referrals/{referral_id}/end": Line(who="union", at=referral, json={"note": "已谈"}),
        "POST /v1/counselling-referrals/{referral_id}/withdrawal": Line(who="worker", at=referral),
    }


async def test_every_route_has_its_line_and_every_line_its_route(table: dict[str, Line], subsidies: Harness) -> None:
    assert set(table) == routes(subsidies)


async def test_nobody_gets_through_but_whom_the_table_names(table: dict[str, Line], subsidies: Harness) -> None:
    assert await misjudged(subsidies, table) == []
