"""Every route of the insurance service as every kind of caller."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any
from urllib.parse import quote

import pytest_asyncio

from services.insurance.benefits.advance_documents import Advance
from services.insurance.benefits.documents import Benefit
from services.insurance.billing.documents import Bill, Closing
from services.insurance.claims.step_documents import Decision
from services.insurance.cover.documents import Policy
from services.insurance.debts.documents import Debt
from services.insurance.deferrals.documents import Deferral
from services.insurance.dependants.documents import Dependant, Register
from services.insurance.differences.documents import Difference
from services.insurance.dues.documents import MonthDue, UnitMonth
from services.insurance.engagements.documents import Engagement
from services.insurance.enrolment.documents import Enrolment
from services.insurance.entitlements.documents import Entitlement
from services.insurance.exchange.documents import Reconciliation
from services.insurance.ledger import commands as charging
from services.insurance.outlet_bills.documents import OutletBill
from services.insurance.outlet_filing.documents import OutletList
from services.insurance.outlet_statements.documents import OutletStatement
from services.insurance.outlets.documents import Outlet
from services.insurance.qualification.documents import Check, Drawn
from services.insurance.recoveries.documents import Recovery
from services.insurance.reports.documents import ClaimPhoto
from services.insurance.tax.documents import TaxStatement
from services.insurance.transfers.documents import Transfer
from shared import clock
from shared.contracts.registry import EngagementActivated
from shared.ids import new_id
from shared.policy.calendar import shanghai_date
from shared.storage.audit import AuditEntry
from shared.storage.encryption import encrypt_field
from shared.storage.records import Record
from shared.storage.transaction import Transaction, transact
from shared.trials.documents import Trial
from tests.harness import Harness, bearer, eventually
from tests.integration.access import HERE, OPERATIONS, OWN, Line, misjudged, routes
from tests.integration.insurance.claim_steps import PNG
from tests.integration.insurance.facts import engagement, event, order
from tests.integration.insurance.recognised import ACCOUNT, grant, recognised_claim
from tests.unit.identity.numbers import make_uscc

DRAFT = "employment.register_days: [{value: 15, from: 2027-01-01}]"
WORKER, MONTH, DAY = f"person-{OWN}", "2026-08", dt.date(2026, 9, 1)
OUTLET, NEW = make_uscc("YY0000005"), make_uscc("YY0000006")
BILL, ENROLMENT = f"{OWN}|{MONTH}", f"{OWN}-w1"
DUES, STATEMENT = MonthDue.id_of(OWN, WORKER, MONTH), f"premium|{BILL}"


WIDOW = {"relation": "spouse", "id_number": "510603196005061021", "name": "测试配偶"}
BILL, ENROLMENT, EMPLOYED = f"{OWN}|{MONTH}", f"{OWN}-w1", f"{OWN}-w2"


class Seeds:
    """Something of every kind that belongs to the callers of the walk."""

    def __init__(self, insurance: Harness) -> None:
        self.insurance = insurance
        self.claim = self.benefit = self.employers = ""

    async def lay(self) -> None:
        insurance = self.insurance
        claim_id = new_id()
        text = encrypt_field("claim.decision", claim_id, "予以认定")
        decision = Decision(
            number="D-1",
            outcome="recognised",
            scheme="work_injury",
            reasons=["work_time_place_cause"],
            text=text,
            decided_on=DAY,
            by="officer",
            used=[],
        )
        claim = await recognised_claim(insurance, OWN, grade=7, id=claim_id, decisions=[decision])
        self.claim = claim.id
        await insurance.publish(engagement(EngagementActivated, OWN, worker_id=WORKER))
        await insurance.publish(engagement(EngagementActivated, OWN, "w2", relation="employment"))
        await charging.charge([event(OWN, order("o-1"))])
        await eventually(lambda: Enrolment.of(ENROLMENT))
        await eventually(lambda: Enrolment.of(EMPLOYED))
        granted = await grant(insurance, claim, "disability_lump", own_wage="5000", account=ACCOUNT)
        self.benefit, self.employers = granted["benefit_id"], f"{claim.id}:9"
        await insurance.settled()
        await transact(self._documents)

    async def _documents(self, tx: Transaction) -> None:
        granted = await Benefit.of(self.benefit, tx)
        assert granted is not None
        theirs: dict[str, Any] = {"id": self.employers, "payer": "platform", "payee": None, "orders": [], "revision": 0}
        mine: dict[str, Any] = {"platform": OWN, "district": HERE}
        about = mine | {"benefit_id": self.employers, "claim_id": self.claim, "worker_id": WORKER}
        outlet = {"district": HERE, "insurer": OWN}
        dependant = Dependant(
            number=1,
            relation="spouse",
            lone=False,
            incapacitated=False,
            id_number=encrypt_field("dependant.id_number", self.claim, "510603196005061021"),
            name=encrypt_field("dependant.name", self.claim, "测试配偶"),
            percent="40",
            percent_since=MONTH,
            first_month=MONTH,
            last_month=None,
            comes_of_age_in=None,
            benefit_id=self.employers,
        )
        documents: list[Record] = [
            ClaimPhoto(
                id="photo-own", claim_id=self.claim, media_type="image/png", size=0, chunks=0, paper=None, role="worker"
            ),
            granted.model_copy(update=theirs),
            Advance(id="a-own", **about, partner=NEW, month=None, amount=Decimal(100), due_on=DAY),
            Recovery(
                id="r-own",
                benefit_id=self.employers,
                debtor="employer",
                district=HERE,
                reason="overpaid",
                by="officer",
                debt=Debt(owed=Decimal(5)),
            ),
            Policy(
                id="p-own",
                platform=OWN,
                kind="personal_accident",
                insurer="试样保险",
                number="P-1",
                valid_from=DAY,
                valid_to=DAY,
                worker_refs=[],
                insured=3,
                sum_insured=Decimal(1000),
            ),
            Difference(
                id="d-own",
                number="n-1",
                kind="other_facts",
                state="open",
                enrolment=ENROLMENT,
                district=HERE,
                ours=None,
                theirs=None,
            ),
            Difference(
                id="d-of-nobody",
                number="n-2",
                kind="unreadable",
                state="open",
                enrolment=None,
                district=None,
                ours=None,
                theirs=None,
            ),
            Reconciliation(id="2026-09-01", asked_by="officer", status="finished"),
            Trial(id="trial-own", month="2026-09", draft=DRAFT, by="officer", rows=[], state="finished"),
            Transfer(
                id="t-own",
                worker_id=WORKER,
                district=HERE,
                direction="out",
                insurance="pension",
                other_place="510100",
                state="completed",
                under_way=False,
                asked_by="x",
                asked_on=DAY,
                due_on=None,
                watch=None,
            ),
            Entitlement(id=self.claim, worker_id=WORKER, district=HERE),
            Register(
                id=self.claim,
                worker_id=WORKER,
                district=HERE,
                wage=None,
                missing=None,
                cap="100",
                members=[dependant],
                used=[],
            ),
            Check(
                id="c-own",
                worker_id=WORKER,
                district=HERE,
                state="confirmed",
                due_on=DAY + dt.timedelta(365),
                confirmed_on=DAY,
                drawn=[Drawn(kind="pension", benefit_id=None)],
                history=[],
                used=[],
            ),
            Outlet(id=OUTLET, name="试样网点", filing="terminal_only", since=DAY, **outlet),
            OutletStatement(
                id=f"{OUTLET}:{MONTH}", outlet=OUTLET, month=MONTH, state="waiting", people=1, used=[], **outlet
            ),
            OutletList(id=MONTH, outlets=[OUTLET], by="post"),
            OutletBill(
                id=f"{OUTLET}:{MONTH}",
                outlet=OUTLET,
                month=MONTH,
                status="issued",
                people=1,
                amount=Decimal(9),
                due_on=DAY,
                **outlet,
            ),
            Engagement(
                id="f-own",
                version=1,
                state="active",
                worker_ref="x",
                worker_id="w-x",
                relation="employment",
                started_on=DAY,
                ended_on=None,
                happened_at=clock.now(),
                partner_uscc=OUTLET,
                outlet_only=True,
                **mine,
            ),
            Closing(id=MONTH, by="timer"),
            MonthDue(
                id=DUES,
                unit=OWN,
                worker_id=WORKER,
                month=MONTH,
                engagement_id=ENROLMENT,
                district=HERE,
                due_on=DAY,
                state="owed",
            ),
            UnitMonth(id=BILL, unit=OWN, month=MONTH, due_on=DAY),
            Deferral(
                id="deferral-own",
                unit=OWN,
                ground="force_majeure",
                months=["2026-08"],
                why=encrypt_field("deferral.text", "deferral-own", "受灾"),
                guarantee=None,
                asked_by="o",
                asked_on=DAY,
            ),
            TaxStatement(
                id=STATEMENT, kind="premium", payer=OWN, month=MONTH, due_on=DAY, amounts={}, amount=Decimal(9)
            ),
            Bill(id=BILL, platform=OWN, month=MONTH, status="issued", premium=Decimal(9), due_on=DAY),
        ]
        for one in documents:
            await one.put(tx)

    def table(self) -> dict[str, Line]:
        """Who may call which route of the insurance service."""
        today = str(shanghai_date(clock.now()))
        enrolment, own, outlet = {"enrolment_id": ENROLMENT}, {"uscc": OWN}, {"uscc": OUTLET}
        claim, benefit, theirs = {"claim_id": self.claim}, {"benefit_id": self.benefit}, {"benefit_id": self.employers}
        deferral = {"deferral_id": "deferral-own"}
        bill, policy, advance = {"bill_id": quote(BILL)}, {"policy_id": "p-own"}, {"advance_id": "a-own"}
        recovery, transfer, check = {"recovery_id": "r-own"}, {"transfer_id": "t-own"}, {"check_id": "c-own"}
        difference, month, rest = {"difference_id": "d-own"}, {"month": MONTH}, {"since": today, "reason": "停工"}
        facts = {"name": "新网点", "district": HERE, "filing": "terminal_only", "insurer": OWN, "since": today}
        terms = {"insurer": "保险", "number": "P-2", "valid_from": today, "valid_to": today, "insured": 2}
        terms |= {"sum_insured": "1000"}
        sum_set = {"amount": "10.00", "reason": "r", "document": "d"}
        since = {"since": today, "document": "d"}
        paid, reason = {"amount": "1.00", "on": today}, {"reason": "r"}
        accident = {
            "occurred_at": "2026-09-02T12:10:00+08:00",
            "district": HERE,
            "place": "某路口",
            "description": "摔倒",
            "severity": "minor",
            "platform": OWN,
            "worker_ref": "w1",
        }
        photos = {"files": ("a.png", PNG, "image/png")}
        parties, row = (
            "worker platform hrss",
            f"uscc,name,district,filing,insurer\n{NEW},新网点,{HERE},terminal_only,{OWN}\n",
        )
        return OPERATIONS | {
            "GET /v1/workers/me/cover": Line(who="worker", shows=OWN),
            "GET /v1/enrolments": Line(who="platform art8", shows=ENROLMENT),
            "GET /v1/enrolments/{enrolment_id}": Line(who="platform art8", at=enrolment),
            "POST /v1/enrolments/{enrolment_id}/requests": Line(who="platform hrss", at=enrolment),
            "POST /v1/enrolments/{enrolment_id}/declarations": Line(
                who="platform", at={"enrolment_id": EMPLOYED}, json={"starts_on": "2026-09-01"}
            ),
            "GET /v1/enrolment-declarations/form": Line(who="platforms"),
            "POST /v1/enrolment-declarations": Line(who="platforms"),
            "POST /v1/enrolments/{enrolment_id}/suspensions": Line(who="hrss", at=enrolment, json=rest),
            "POST /v1/enrolments/{enrolment_id}/resumptions": Line(who="hrss", at=enrolment, json={"since": today}),
            "POST /v1/outlet-lists": Line(
                who="post!",
                query={"month": today[:7]},
                content=row.encode(),
                headers={"Content-Type": "text/csv"},
            ),
            "GET /v1/outlet-lists/{month}": Line(who="hrss! post!", at=month),
            "POST /v1/outlets": Line(who="hrss post", json=facts | {"uscc": make_uscc("YY0000007")}),
            "PUT /v1/outlets/{uscc}": Line(who="hrss post", at=outlet, json=facts),
            "GET /v1/outlets": Line(who="art9", shows=OUTLET),
            "GET /v1/outlets/{uscc}": Line(who="platform art9", at=outlet),
            "POST /v1/outlets/{uscc}/people": Line(
                who="hrss post", at=outlet, json={"worker_id": WORKER, "started_on": today}
            ),
            "POST /v1/outlets/{uscc}/people/{engagement_id}/ends": Line(
                who="hrss post", at=outlet | {"engagement_id": "f-own"}, json={"ended_on": today}
            ),
            "GET /v1/outlets/{uscc}/people": Line(who="platform hrss post", at=outlet, shows="f-own"),
            "POST /v1/outlets/{uscc}/contributions": Line(who="hrss post", at=outlet, json=month),
            "GET /v1/outlets/{uscc}/contributions": Line(who="platform hrss post", at=outlet, query=month),
            "PUT /v1/outlets/{uscc}/contributions/{month}/average-wage": Line(
                who="hrss", at=outlet | month, json={"average_wage": "6000", "source": "川人社"}
            ),
            "GET /v1/outlet-bills": Line(who="platform hrss", shows=f"{OUTLET}:{MONTH}"),
            "GET /v1/outlets/{uscc}/bills/{month}": Line(who="platform hrss", at=outlet | month),
            "POST /v1/outlets/{uscc}/bills/{month}/payments": Line(
                who="hrss provincial",
                at=outlet | month,
                json={"payment_id": "p", "amount": "1.00", "paid_on": today},
            ),
            "POST /v1/bill-closings": Line(who="hrss!", json=month),
            "GET /v1/bill-closings/{month}": Line(who="hrss!", at=month),
            "PUT /v1/platforms/{uscc}/delivery-classes/{since}": Line(
                who="hrss!", at=own | {"since": today}, json={"class": "b"}
            ),
            "GET /v1/platforms/{uscc}/delivery-classes": Line(who="platform hrss!", at=own),
            "GET /v1/bills": Line(who="platform hrss!", shows=OWN),
            "GET /v1/bills/{bill_id}": Line(who="platform hrss!", at=bill),
            "GET /v1/bills/{bill_id}/detail": Line(who="platform hrss!", at=bill),
            "GET /v1/bills/{bill_id}/recomputation": Line(who="hrss!", at=bill),
            "POST /v1/bills/{bill_id}/payments": Line(
                who="hrss! provincial", at=bill, json={"payment_id": "p", "amount": "1.00", "paid_on": today}
            ),
            "GET /v1/workers/me/dues": Line(who="worker", shows=OWN),
            "GET /v1/dues": Line(who="worker platform hrss", shows=DUES),
            "GET /v1/dues/{dues_id}": Line(who="worker platform hrss", at={"dues_id": quote(DUES)}),
            "GET /v1/unit-months": Line(who="platform hrss!", shows=OWN),
            "GET /v1/unit-months/{unit_month_id}/letter": Line(
                who="platform hrss!", at={"unit_month_id": quote(f"{OWN}|{MONTH}")}
            ),
            "POST /v1/deferrals": Line(
                who="platforms", json={"ground": "force_majeure", "months": [MONTH], "why": "受灾停产"}
            ),
            "GET /v1/deferrals": Line(who="platform hrss!", shows="deferral-own"),
            "GET /v1/deferrals/{deferral_id}": Line(who="platform hrss!", at=deferral),
            "POST /v1/deferrals/{deferral_id}/withdrawal": Line(who="platform", at=deferral),
            "POST /v1/deferrals/{deferral_id}/proposal": Line(
                who="hrss!", at=deferral, json={"outcome": "refuse", "reason": "r"}
            ),
            "POST /v1/deferrals/{deferral_id}/confirmation": Line(who="hrss!", at=deferral),
            "POST /v1/wage-declarations": Line(
                who="platform hrss!",
                json={"unit": OWN, "month": MONTH, "wages": [{"worker_id": WORKER, "wage": "5000.00"}]},
            ),
            "POST /v1/contribution-figures": Line(
                who="hrss!",
                json={
                    "kind": "base",
                    "since": str(DAY),
                    "values": {"floor": "4000", "cap": "20000"},
                    "source": "川人社",
                },
            ),
            "GET /v1/contribution-figures": Line(who="hrss!"),
            "GET /v1/tax-statements": Line(who="platform hrss!", shows=STATEMENT),
            "GET /v1/tax-statements/{statement_id}": Line(who="platform hrss!", at={"statement_id": quote(STATEMENT)}),
            "POST /v1/tax-statements/{statement_id}/requests": Line(who="hrss!", at={"statement_id": quote(STATEMENT)}),
            "GET /v1/tax-comparison": Line(who="hrss!"),
            "POST /v1/tax-comparisons": Line(who="hrss!"),
            "GET /v1/platforms/{uscc}/rates": Line(who="platform hrss!", at=own),
            "PUT /v1/platforms/{uscc}/rates/{industry}/{since}": Line(
                who="hrss!",
                at=own | {"industry": "instant_delivery", "since": today},
                json={"kind": "factor", "value": "1.2", "document": "文号1"},
            ),
            "POST /v1/repricings": Line(who="hrss!", json={"since": MONTH, "platform": OWN}),
            "GET /v1/orders": Line(who="platform hrss", query={"month": "2026-09", "platform": OWN}, shows='"o-1"'),
            "GET /v1/workers/me/orders": Line(who="worker", query={"month": "2026-09"}, shows='"o-1"'),
            # a platform is asked for the person of its outlet, and turned away where it insures none
            "POST /v1/claims": Line(who="workers platforms unions hrss", data=accident),
            "GET /v1/claims": Line(who="worker platform art9", shows=self.claim),
            "GET /v1/claims/{claim_id}": Line(who="worker platform art9", at=claim),
            "GET /v1/claims/{claim_id}/history": Line(who="worker platform art9", at=claim),
            "GET /v1/claims/{claim_id}/decisions/{number}": Line(
                who="worker platform art9", at=claim | {"number": "D-1"}
            ),
            "POST /v1/claims/{claim_id}/applications": Line(who=parties, at=claim, json={}),
            "POST /v1/claims/{claim_id}/papers": Line(who=parties, at=claim, json={"papers": ["x"]}),
            "POST /v1/claims/{claim_id}/withdrawal": Line(who=parties, at=claim),
            "POST /v1/claims/{claim_id}/scheme": Line(
                who="hrss", at=claim, json={"scheme": "occupational_injury", "reasons": "更正"}
            ),
            "POST /v1/claims/{claim_id}/supplements": Line(who="hrss", at=claim, json={}),
            "POST /v1/claims/{claim_id}/acceptance": Line(who="hrss", at=claim, json={}),
            "POST /v1/claims/{claim_id}/refusal": Line(
                who="hrss", at=claim, json={"reasons": ["not_competent"], "text": "逾期"}
            ),
            "POST /v1/claims/{claim_id}/services": Line(
                who="hrss",
                at=claim,
                json={"letter": "decision", "party": "worker", "way": "direct", "on": today, "evidence": "回证"},
            ),
            "POST /v1/claims/{claim_id}/service-corrections": Line(
                who="hrss",
                at=claim,
                json={"letter": "decision", "party": "worker", "reason": "误录", "anew": None},
            ),
            "POST /v1/claims/{claim_id}/suspension": Line(who="hrss", at=claim, json={"waits_for": "法院"}),
            "POST /v1/claims/{claim_id}/decisions": Line(
                who="hrss", at=claim, json={"recognised": True, "reasons": ["x"], "text": "认定"}
            ),
            "POST /v1/claims/{claim_id}/investigation": Line(who="hrss", at=claim),
            "POST /v1/claims/{claim_id}/resumption": Line(who="hrss", at=claim),
            "POST /v1/claims/{claim_id}/closing": Line(who="hrss", at=claim),
            "POST /v1/claims/{claim_id}/term-extensions": Line(
                who="platform hrss", at=claim, json={"reason": "材料尚在收集"}
            ),
            "POST /v1/claims/{claim_id}/term-extension-decisions": Line(
                who="hrss", at=claim, json={"until": None, "ground": "理由不充分"}
            ),
            "POST /v1/claims/{claim_id}/term-extension-corrections": Line(
                who="hrss", at=claim, json={"until": "2026-12-31", "reason": "误录"}
            ),
            "POST /v1/claims/{claim_id}/lapse": Line(who="hrss", at=claim),
            "POST /v1/claims/{claim_id}/assessment-requests": Line(who=parties, at=claim, json={"kind": "first"}),
            "POST /v1/claims/{claim_id}/assessment-extensions": Line(who="hrss", at=claim),
            "POST /v1/claims/{claim_id}/assessments": Line(who="hrss", at=claim, json={"grade": 7, "experts": 3}),
            "POST /v1/claims/{claim_id}/appeals": Line(who=parties, at=claim, json={"way": "review"}),
            "POST /v1/claims/{claim_id}/appeal-outcomes": Line(
                who="hrss", at=claim, json={"outcome": "upheld", "ended_on": today}
            ),
            "GET /v1/claims/{claim_id}/liability": Line(who="hrss", at=claim),
            "PUT /v1/claims/{claim_id}/liability": Line(who="hrss", at=claim, json={"ground": "核查"}),
            "POST /v1/claims/{claim_id}/photos": Line(who=parties, at=claim, files=photos),
            "GET /v1/claims/{claim_id}/photos": Line(who="worker hrss", at=claim),
            "GET /v1/claims/{claim_id}/photos/{photo_id}": Line(
                who="worker hrss", at=claim | {"photo_id": "photo-own"}
            ),
            "POST /v1/claims/{claim_id}/merger": Line(who="hrss", at=claim, json={"claim_id": "x"}),
            "POST /v1/claims/{claim_id}/separation": Line(who="hrss", at=claim, json={"claim_id": "x"}),
            "POST /v1/claims/{claim_id}/benefits": Line(
                who="hrss",
                at=claim,
                query={"preview": "true"},
                json={"kind": "disability_lump", "own_wage": "5000", "account": ACCOUNT},
            ),
            "POST /v1/claims/{claim_id}/dependants": Line(who="hrss", at=claim, json={"dependants": [WIDOW]}),
            "GET /v1/claims/{claim_id}/dependants": Line(who="hrss", at=claim),
            "POST /v1/claims/{claim_id}/dependants/{number}/end": Line(
                who="hrss", at=claim | {"number": "1"}, json={"why": "died", "on": today}
            ),
            "POST /v1/claims/{claim_id}/dependants/{number}/changes": Line(
                who="hrss", at=claim | {"number": "1"}, json={"lone": True, "incapacitated": False, "since": today[:7]}
            ),
            "PUT /v1/claims/{claim_id}/dependants/values": Line(
                who="hrss", at=claim, json={"key": "wage.average_monthly", "value": "1", "document": "d"}
            ),
            "GET /v1/claims/{claim_id}/entitlement": Line(who="worker hrss", at=claim),
            "POST /v1/claims/{claim_id}/entitlement/death": Line(
                who="hrss", at=claim, json={"on": today, "of_injury": True, "declared": True, "document": "d"}
            ),
            "POST /v1/claims/{claim_id}/entitlement/absence": Line(who="hrss", at=claim, json=since),
            "POST /v1/claims/{claim_id}/entitlement/return": Line(
                who="hrss", at=claim, json={"on": today, "document": "d"}
            ),
            "POST /v1/claims/{claim_id}/entitlement/relapses": Line(who="hrss", at=claim, json=since),
            "POST /v1/claims/{claim_id}/entitlement/retirement": Line(
                who="hrss", at=claim, json={"on": today, "pension": "1.00", "document": "d"}
            ),
            "POST /v1/claims/{claim_id}/entitlement/stops": Line(
                who="hrss", at=claim, json=since | {"case": "none_such"}
            ),
            "POST /v1/claims/{claim_id}/entitlement/resumption": Line(
                who="hrss", at=claim, json={"on": today, "document": "d"}
            ),
            "GET /v1/benefits": Line(who="platform hrss", shows=self.employers),
            "GET /v1/workers/me/benefits": Line(who="worker", shows=self.benefit),
            "GET /v1/benefits/{benefit_id}": Line(who="worker platform hrss", at=theirs),
            "GET /v1/benefits/{benefit_id}/account": Line(who="hrss", at=benefit),
            "PUT /v1/benefits/{benefit_id}/amount": Line(who="hrss", at=benefit, json=sum_set),
            "PUT /v1/benefits/{benefit_id}/values": Line(
                who="hrss", at=benefit, json={"key": "wage.average_monthly", "value": "1", "document": "d"}
            ),
            "PUT /v1/benefits/{benefit_id}/account": Line(who="worker hrss", at=benefit, json={"account": ACCOUNT}),
            "PUT /v1/benefits/{benefit_id}/stop": Line(who="hrss", at=benefit, json=reason),
            "PUT /v1/benefits/{benefit_id}/adjustment": Line(who="hrss", at=benefit, json=sum_set),
            "PUT /v1/benefits/{benefit_id}/fund-advance": Line(
                who="hrss", at=theirs, json={"reason": "r", "account": ACCOUNT}
            ),
            "PUT /v1/benefits/{benefit_id}/default": Line(who="hrss", at=theirs, json=reason),
            "POST /v1/benefits/{benefit_id}/payments": Line(who="platform hrss", at=theirs, json=paid),
            "POST /v1/benefits/{benefit_id}/advance": Line(who="platform hrss", at=theirs, json=paid),
            "GET /v1/advances": Line(who="platform hrss", shows="a-own"),
            "GET /v1/advances/{advance_id}": Line(who="platform hrss", at=advance),
            "POST /v1/advances/{advance_id}/instalments": Line(who="platform hrss", at=advance, json=paid),
            "POST /v1/advances/{advance_id}/instalment-corrections": Line(
                who="hrss", at=advance, json={"number": 1, "reason": "误登"}
            ),
            "POST /v1/advances/{advance_id}/closing": Line(who="hrss", at=advance, json=reason),
            "POST /v1/benefits/{benefit_id}/recoveries": Line(
                who="hrss", at=theirs, json={"amount": "1.00", "reason": "overpaid"}
            ),
            "GET /v1/benefits/{benefit_id}/recoveries": Line(who="worker hrss", at=theirs),
            "GET /v1/recoveries": Line(who="hrss", shows="r-own"),
            "POST /v1/recoveries/{recovery_id}/statements": Line(
                who="worker hrss", at=recovery, json={"statement": "已按规定申报"}
            ),
            "POST /v1/recoveries/{recovery_id}/decision": Line(
                who="hrss", at=recovery, json={"outcome": "drop", "reason": "r"}
            ),
            "POST /v1/recoveries/{recovery_id}/instalments": Line(who="hrss", at=recovery, json=paid),
            "POST /v1/recoveries/{recovery_id}/instalment-corrections": Line(
                who="hrss", at=recovery, json={"number": 1, "reason": "误录", "anew": None}
            ),
            "POST /v1/recoveries/{recovery_id}/closing": Line(who="hrss", at=recovery, json=reason),
            "POST /v1/policies": Line(
                who="platform hrss!", json=terms | {"platform": OWN, "kind": "personal_accident"}
            ),
            "GET /v1/policies": Line(who="platform art9!", shows="p-own"),
            "GET /v1/policy-coverage": Line(who="platform art9!", query={"platform": OWN}),
            "GET /v1/policies/{policy_id}": Line(who="platform art9!", at=policy),
            "PUT /v1/policies/{policy_id}": Line(who="platform hrss!", at=policy, json=terms | reason),
            "PUT /v1/policies/{policy_id}/cancellation": Line(who="platform hrss!", at=policy, json=rest),
            "GET /v1/workers/me/policies": Line(who="worker", shows="P-1"),
            "GET /v1/exchange": Line(who="hrss!"),
            "POST /v1/reconciliations": Line(who="hrss!", json={"day": "2026-09-02"}),
            "GET /v1/reconciliations": Line(who="hrss!"),
            "GET /v1/reconciliations/{day}": Line(who="hrss!", at={"day": "2026-09-01"}),
            "GET /v1/differences": Line(who="hrss", shows="d-own"),
            "GET /v1/differences/{difference_id}": Line(who="hrss", at=difference),
            "POST /v1/differences/{difference_id}/resolution": Line(
                who="hrss", at=difference, json={"action": "noted", "note": "已核"}
            ),
            "POST /v1/province/notices": Line(who="provincial", json={"items": []}),
            "GET /v1/workers/me/contributions": Line(who="workers"),
            "POST /v1/transfers": Line(
                who="worker hrss",
                json={"worker_id": WORKER, "direction": "out", "insurance": "pension", "other_place": "510100"},
            ),
            "GET /v1/transfers": Line(who="worker hrss", shows="t-own"),
            "GET /v1/transfers/{transfer_id}": Line(who="worker hrss", at=transfer),
            "POST /v1/transfers/{transfer_id}/withdrawal": Line(who="worker hrss", at=transfer),
            "POST /v1/qualification-checks": Line(
                who="hrss", json={"worker_id": WORKER, "kind": "nursing", "since": str(DAY)}
            ),
            "GET /v1/qualification-checks": Line(who="hrss", shows="c-own"),
            "GET /v1/qualification-checks/{check_id}": Line(who="hrss", at=check),
            "GET /v1/qualification-checks/{check_id}/history": Line(who="hrss", at=check),
            "POST /v1/qualification-checks/{check_id}/findings": Line(
                who="hrss", at=check, json={"way": "visit", "result": "entitled", "found_on": today}
            ),
            "GET /v1/workers/me/qualification-check": Line(who="worker"),
            "POST /v1/workers/me/qualification-check/statements": Line(who="worker", json={"still_entitled": True}),
            "GET /v1/workers/me/qualification-checks": Line(who="worker"),
            "POST /v1/workers/me/qualification-checks/{check_id}/statements": Line(
                who="worker", at=check, json={"still_entitled": True}
            ),
            "GET /v1/workers/me/rights": Line(who="worker", shows=OWN),
            "GET /v1/audit": Line(who="hrss!"),
            "GET /v1/statistics": Line(who="art16!"),
            "POST /v1/trials": Line(who="hrss!", json={"month": "2026-09", "parameters": DRAFT}),
            "GET /v1/trials": Line(who="hrss!"),
            "GET /v1/trials/{trial_id}": Line(who="hrss!", at={"trial_id": "trial-own"}),
        }


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def seeds(insurance: Harness) -> Seeds:
    laid = Seeds(insurance)
    await laid.lay()
    return laid


async def test_every_route_has_its_line_and_every_line_its_route(seeds: Seeds, insurance: Harness) -> None:
    assert set(seeds.table()) == routes(insurance)


async def test_nobody_gets_through_but_whom_the_table_names(seeds: Seeds, insurance: Harness) -> None:
    assert await misjudged(insurance, seeds.table(), WORKER) == []


async def test_what_belongs_to_no_district_is_the_citys(seeds: Seeds, insurance: Harness) -> None:
    here = bearer("officer", department="hrss", district=HERE)
    for who, status in ((here, 404), (insurance.officer, 200)):
        assert (await insurance.http.get("/v1/differences/d-of-nobody", headers=who)).status_code == status


async def test_changes_of_rates_are_written_down(seeds: Seeds, insurance: Harness) -> None:
    platform, officer = make_uscc("YY0000008"), insurance.headers("officer", department="hrss", district="510600")
    at = f"/v1/platforms/{platform}"
    rate = {"kind": "factor", "value": "1.1", "document": "文号2"}
    for path, body in ((f"{at}/rates/freight/2026-09-01", rate), (f"{at}/delivery-classes/2026-09-01", {"class": "b"})):
        assert (await insurance.http.put(path, json=body, headers=officer)).is_success
    again = {"since": "2026-09", "platform": platform}
    assert (await insurance.http.post("/v1/repricings", json=again, headers=officer)).is_success
    kept = await AuditEntry.find({"about": platform}).sort("+_id").to_list()
    assert [(one.action, one.by) for one in kept] == [
        ("platform.rate_set", "officer:hrss-510600"),
        ("platform.class_set", "officer:hrss-510600"),
        ("orders.repriced", "officer:hrss-510600"),
    ]
