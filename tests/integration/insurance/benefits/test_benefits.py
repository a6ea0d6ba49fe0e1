"""From a recognised claim to money that has reached the worker, and back where it was paid wrongly."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import AsyncIterator
from decimal import Decimal
from functools import partial
from typing import Any

import httpx2
import pytest
import pytest_asyncio

from services.insurance.benefits import timers
from services.insurance.benefits.documents import Benefit
from services.insurance.benefits.payments import OfBenefit, Polled
from services.insurance.claims.documents import Claim
from services.insurance.qualification.documents import Check, Drawn
from shared import clock
from shared.contracts.insurance import (
    BenefitEnded,
    BenefitGranted,
    BenefitPaid,
    BenefitPaymentFailed,
    KinRecorded,
    RecoveryClosed,
    RecoveryOpened,
)
from shared.messaging.timers import Due
from shared.policy import calendar
from shared.storage.audit import AuditEntry
from shared.storage.client import collection_of, storage
from shared.storage.encryption import open_sealed
from shared.storage.transaction import transact
from tests.harness import Harness, bearer, eventually
from tests.integration.at_rest import holding
from tests.integration.insurance.facts import ID_NUMBER, NAME, new_platform
from tests.integration.insurance.recognised import (
    ACCOUNT,
    benefit,
    grant,
    in_state,
    make_due,
    recognised_claim,
    timer_set,
)

BILLS = [{"amount": "1200.10", "excluded": "200.05"}, {"amount": "0.95"}]


@pytest.fixture
def platform() -> str:
    return new_platform()


@pytest_asyncio.fixture(loop_scope="session")
async def told_to_behave(province: httpx2.AsyncClient) -> AsyncIterator[Any]:
    """Tell the province how to behave; as usual again afterwards."""

    async def tell(**behaviour: Any) -> None:
        (await province.post("/sandbox/behaviour", json=behaviour)).raise_for_status()

    yield tell
    await tell()


async def medical(insurance: Harness, claim: Claim, **body: Any) -> Any:
    return await grant(insurance, claim, "medical", **({"invoices": BILLS, "account": ACCOUNT} | body))


async def change(insurance: Harness, granted: Any, what: str, body: Any, **headers: str) -> httpx2.Response:
    path = f"/v1/benefits/{granted['benefit_id']}"
    callers = headers or insurance.officer
    seen = await insurance.http.get(path, headers=callers)
    return await insurance.http.put(f"{path}/{what}", json=body, headers={**callers, "If-Match": seen.headers["etag"]})


async def told(insurance: Harness, kind: Any, platform: str) -> list[Any]:
    return [fact for fact in await insurance.told(kind) if fact.platform == platform]


async def test_a_medical_bill_is_paid_through_the_province(
    insurance: Harness, province: httpx2.AsyncClient, platform: str
) -> None:
    granted = await medical(insurance, await recognised_claim(insurance, platform))
    assert (granted["amount"], granted["payer"], granted["state"]) == ("1001.00", "fund", "granted")
    assert (granted["account"], granted["payee"]) == ("***************8901", "测**")
    paid = await in_state(insurance, granted["benefit_id"], "paid")
    assert [(one["amount"], one["source"]) for one in paid["payments"]] == [("1001.00", "fund")]
    [fact] = await told(insurance, BenefitGranted, platform)
    assert (fact.kind, fact.amount, fact.payer) == ("medical", "1001.00", "fund")
    [fact] = await told(insurance, BenefitPaid, platform)
    assert fact.paid_on.isoformat() == paid["payments"][0]["paid_on"]
    answer = await province.get(f"/v1/payments/{granted['benefit_id']}:1")
    assert answer.status_code == 401  # signed requests only


async def test_a_preview_stores_nothing(insurance: Harness, platform: str) -> None:
    claim = await recognised_claim(insurance, platform, grade=7)
    path = f"/v1/claims/{claim.id}/benefits?preview=true"
    body = {"kind": "disability_lump", "own_wage": "5000"}
    answer = await insurance.http.post(path, json=body, headers=insurance.officer)
    assert answer.status_code == 200
    assert (answer.json()["amount"], answer.json()["missing"]) == (None, "wage.average_monthly")
    assert await Benefit.find({"claim_id": claim.id}).to_list() == []


async def test_a_sum_that_no_parameter_gives_is_entered_by_an_officer(insurance: Harness, platform: str) -> None:
    claim = await recognised_claim(insurance, platform, grade=7, scheme="occupational_injury", cover="covered")
    granted = await grant(insurance, claim, "disability_lump", account=ACCOUNT)
    assert (granted["state"], granted["missing"]) == ("open", "wage.average_monthly")
    assert await told(insurance, BenefitGranted, platform) == []
    entered = {"amount": "54600.00", "reason": "按省厅核定基数计发", "document": "核定书〔2026〕12号"}
    assert (await change(insurance, granted, "amount", entered)).status_code == 200
    paid = await in_state(insurance, granted["benefit_id"], "paid")
    assert paid["paid"] == "54600.00"
    assert [fact.amount for fact in await told(insurance, BenefitGranted, platform)] == ["54600.00"]
    refused = await change(insurance, granted, "amount", entered)
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/not-in-this-state")


async def test_what_the_claim_does_not_give_is_refused(insurance: Harness, platform: str) -> None:
    claim = await recognised_claim(insurance, platform)
    for kind, why in (("disability_lump", "grade-does-not-fit"), ("funeral", "not-fatal"), ("x", "no-such-benefit")):
        answer = await grant(insurance, claim, kind, account=ACCOUNT, own_wage="5000", expect=422)
        assert answer["type"] == f"/problems/{why}"
    denied = await recognised_claim(insurance, platform, recognised=False)
    assert (await medical_refused(insurance, denied))["type"] == "/problems/not-recognised"
    covered = await recognised_claim(insurance, platform, scheme="occupational_injury")
    answer = await grant(insurance, covered, "suspended_pay", pay="5000", expect=422)
    assert answer["type"] == "/problems/no-such-benefit"


async def medical_refused(insurance: Harness, claim: Claim) -> Any:
    return await grant(insurance, claim, "medical", invoices=BILLS, account=ACCOUNT, expect=422)


async def test_a_lump_sum_is_granted_once(insurance: Harness, platform: str) -> None:
    claim = await recognised_claim(insurance, platform, grade=7)
    await grant(insurance, claim, "disability_lump", own_wage="5000", account=ACCOUNT)
    answer = await grant(insurance, claim, "disability_lump", own_wage="5000", account=ACCOUNT, expect=409)
    assert answer["type"] == "/problems/already-granted"


async def test_of_two_grants_at_a_time_one_stands(insurance: Harness, platform: str) -> None:
    claim = await recognised_claim(insurance, platform, grade=7)
    body = {"kind": "disability_lump", "own_wage": "5000", "account": ACCOUNT}
    path = f"/v1/claims/{claim.id}/benefits"
    both = [insurance.http.post(path, json=body, headers=insurance.officer) for _ in range(2)]
    answers = await asyncio.gather(*both)
    assert sorted(answer.status_code for answer in answers) == [201, 409]
    assert len(await Benefit.find({"claim_id": claim.id}).to_list()) == 1


async def test_two_recoveries_at_once_claim_no_more_than_was_paid(insurance: Harness, platform: str) -> None:
    granted = await medical(insurance, await recognised_claim(insurance, platform))
    await in_state(insurance, granted["benefit_id"], "paid")
    path = f"/v1/benefits/{granted['benefit_id']}/recoveries"
    body = {"amount": "600.00", "reason": "overpaid"}
    answers = await asyncio.gather(*(insurance.http.post(path, json=body, headers=insurance.officer) for _ in range(2)))
    assert sorted(answer.status_code for answer in answers)[0] == 201
    listed = (await insurance.http.get(path, headers=insurance.officer)).json()
    assert [one["debt"]["owed"] for one in listed] == ["600.00"]


async def test_an_answer_that_is_lost_pays_once(
    insurance: Harness, province: httpx2.AsyncClient, platform: str, told_to_behave: Any
) -> None:
    claim = await recognised_claim(insurance, platform)
    before = (await province.get("/sandbox/counts")).json().get("accepted", 0)
    await told_to_behave(lose_answer_next=2)
    granted = await medical(insurance, claim)
    paid = await in_state(insurance, granted["benefit_id"], "paid")
    assert [(one["number"], one["status"]) for one in paid["orders"]] == [(f"{granted['benefit_id']}:1", "paid")]
    assert (await province.get("/sandbox/counts")).json()["accepted"] == before + 1


async def test_an_answer_told_twice_pays_once(insurance: Harness, platform: str) -> None:
    granted = await medical(insurance, await recognised_claim(insurance, platform))
    paid = await in_state(insurance, granted["benefit_id"], "paid")
    number = paid["orders"][0]["number"]
    benefit_id = granted["benefit_id"]
    send, ask = timers.send, timers.ask_result
    sent = Due(number, OfBenefit(benefit_id), 1)
    asked = Due(number, Polled(benefit_id, 0), 1)
    await transact(partial(send.finish, sent, await send.attempt(sent)))
    await transact(partial(ask.finish, asked, await ask.attempt(asked)))
    assert (await benefit(insurance, granted["benefit_id"]))["paid"] == "1001.00"
    assert len(await told(insurance, BenefitPaid, platform)) == 1


async def test_a_wrong_account_waits_for_the_worker_to_correct_it(
    insurance: Harness, platform: str, told_to_behave: Any
) -> None:
    claim = await recognised_claim(insurance, platform)
    await told_to_behave(fail_results_next=1, result_failure="account_wrong")
    granted = await medical(insurance, claim)
    failed = await in_state(insurance, granted["benefit_id"], "failed")
    assert failed["orders"][0]["reason"] == "account_wrong"
    [fact] = await told(insurance, BenefitPaymentFailed, platform)
    assert (fact.reason, fact.final) == ("account_wrong", True)
    me = bearer("worker", worker_id=f"person-{platform}")
    answer = await change(insurance, granted, "account", {"account": "6217000012345670000"}, **me)
    assert answer.json()["account"] == "***************0000"
    paid = await in_state(insurance, granted["benefit_id"], "paid")
    assert [one["number"] for one in paid["orders"]] == [f"{granted['benefit_id']}:{n}" for n in (1, 2)]
    assert paid["paid"] == "1001.00"


async def test_a_dead_workers_token_corrects_no_account(insurance: Harness, platform: str, told_to_behave: Any) -> None:
    claim = await recognised_claim(insurance, platform, fatal=True)
    await told_to_behave(fail_results_next=1, result_failure="account_wrong")
    granted = await medical(insurance, claim)
    await in_state(insurance, granted["benefit_id"], "failed")
    anew = {"account": "6217000012345670000", "phone": "13800000029"}
    dead = bearer("worker", worker_id=f"person-{platform}")
    assert (await change(insurance, granted, "account", anew, **dead)).status_code == 403
    assert (await change(insurance, granted, "account", anew)).status_code == 200


async def test_a_failure_that_may_pass_is_tried_again_and_not_for_ever(
    insurance: Harness, platform: str, told_to_behave: Any
) -> None:
    claim = await recognised_claim(insurance, platform)
    await told_to_behave(fail_results_next=3, result_failure="bank_unavailable")
    granted = await medical(insurance, claim)
    for tries in (1, 2):
        await failures(insurance, platform, tries)
        await make_due("benefit_order", granted["benefit_id"])
    failed = await in_state(insurance, granted["benefit_id"], "failed")
    assert [one["status"] for one in failed["orders"]] == ["failed"] * 3
    assert [fact.final for fact in await told(insurance, BenefitPaymentFailed, platform)] == [False, False, True]


async def failures(insurance: Harness, platform: str, count: int) -> None:
    """Return when so many payments have failed."""

    async def enough() -> bool:
        return len(await told(insurance, BenefitPaymentFailed, platform)) == count

    await eventually(enough)


async def test_a_reason_in_words_stays_here(insurance: Harness, platform: str, told_to_behave: Any) -> None:
    claim = await recognised_claim(insurance, platform)
    await told_to_behave(fail_results_next=1, result_failure=f"账户与{NAME}不符")
    granted = await medical(insurance, claim)
    failed = await in_state(insurance, granted["benefit_id"], "failed")
    assert failed["orders"][0]["reason"] == f"账户与{NAME}不符"
    assert await holding(f"账户与{NAME}不符") == []
    assert [fact.reason for fact in await told(insurance, BenefitPaymentFailed, platform)] == ["other"]


async def test_a_benefit_cannot_be_stopped_while_its_order_is_out(
    insurance: Harness, platform: str, told_to_behave: Any
) -> None:
    claim = await recognised_claim(insurance, platform)
    await told_to_behave(result_delay_ms=1500)
    granted = await medical(insurance, claim)
    await in_state(insurance, granted["benefit_id"], "ordered")
    assert (await change(insurance, granted, "stop", {"reason": "拒绝治疗"})).status_code == 409
    await in_state(insurance, granted["benefit_id"], "paid")
    assert (await change(insurance, granted, "stop", {"reason": "拒绝治疗"})).json()["state"] == "stopped"


async def test_a_sum_that_no_event_holds_is_refused(insurance: Harness, platform: str) -> None:
    """Nobody could read it: no payment is ordered of which nobody would hear."""
    claim = await recognised_claim(insurance, platform)
    refused = await medical(insurance, claim, invoices=[{"amount": "1000000000000.00"}], expect=422)
    assert refused["type"] == "/problems/out-of-range"
    listed = await insurance.http.get(f"/v1/benefits?claim={claim.id}", headers=insurance.officer)
    assert listed.json()["items"] == []


@pytest.mark.parametrize("failure", ["bank_unavailable", "account_wrong"])
async def test_an_order_that_failed_is_not_made_for_a_later_month(
    insurance: Harness, platform: str, told_to_behave: Any, failure: str
) -> None:
    """The worker dies in the month before the one whose order is out, which fails: nothing more is ordered, now or after a correction
    of the account, and nobody hears that a payment is still to come."""
    claim = await recognised_claim(insurance, platform, grade=2, nursing="full")
    present = calendar.month_of(clock.now())
    before = calendar.first_day(present) - dt.timedelta(days=1)
    granted = await grant(insurance, claim, "nursing", account=ACCOUNT, first_month=present)
    await told_to_behave(result_delay_ms=5000, fail_results_next=1, result_failure=failure)
    entered = {"amount": "3500.02", "reason": "核定", "document": "1号"}
    assert (await change(insurance, granted, "amount", entered)).status_code == 200
    await in_state(insurance, granted["benefit_id"], "ordered")
    path = f"/v1/claims/{claim.id}/entitlement/death"
    died = {"on": str(before), "of_injury": False, "declared": False, "document": "死亡证明"}
    answer = await insurance.http.post(path, json=died, headers=insurance.officer)
    assert answer.is_success, answer.text
    stopped = await in_state(insurance, granted["benefit_id"], "stopped")
    assert [one["status"] for one in stopped["orders"]] == ["failed"]
    assert not await timer_set("benefit_order", granted["benefit_id"])
    anew = await change(insurance, granted, "account", {"account": "6217000012345670000"})
    assert anew.status_code == 409
    assert await told(insurance, BenefitPaymentFailed, platform) == []
    assert {one.ended_for for one in await told(insurance, BenefitEnded, platform)} == {"died"}


async def test_nothing_is_ordered_once_the_injury_is_not_recognised(insurance: Harness, platform: str) -> None:
    claim = await recognised_claim(insurance, platform, grade=7)
    granted = await grant(insurance, claim, "disability_lump", own_wage="5000", account=ACCOUNT)
    await collection_of(Claim).update_one({"_id": claim.id}, {"$set": {"recognised": None}})
    entered = {"amount": "1.00", "reason": "核定", "document": "1号"}
    assert (await change(insurance, granted, "amount", entered)).status_code == 200
    failed = await in_state(insurance, granted["benefit_id"], "failed")
    assert [(one["status"], one["reason"]) for one in failed["orders"]] == [("failed", "claim_not_recognised")]


async def test_a_monthly_benefit_is_paid_month_by_month_until_its_last(insurance: Harness, platform: str) -> None:
    claim = await recognised_claim(insurance, platform, grade=2, nursing="full")
    months: dict[str, Any] = {"first_month": "2026-09", "last_month": "2026-11"}
    granted = await grant(insurance, claim, "nursing", account=ACCOUNT, **months)
    entered = {"amount": "3500.02", "reason": "核定", "document": "1号"}
    await change(insurance, granted, "amount", entered)

    async def all_paid() -> Any:
        found = await benefit(insurance, granted["benefit_id"])
        return found if len(found["payments"]) == 3 else None

    paid = await eventually(all_paid, 40)
    assert [one["month"] for one in paid["payments"]] == ["2026-09", "2026-10", "2026-11"]
    assert paid["paid"] == "10500.06"
    await insurance.settled()
    assert not await timer_set("benefit_month", granted["benefit_id"])


async def half_paid(insurance: Harness, platform: str) -> Any:
    """A monthly benefit whose first month is paid, and whose second rests for want of the yearly check."""
    claim = await recognised_claim(insurance, platform, grade=2, nursing="full")
    months: dict[str, Any] = {"first_month": "2026-09", "last_month": "2026-10"}
    granted = await grant(insurance, claim, "nursing", account=ACCOUNT, **months)
    await miss_the_check(granted["benefit_id"], f"person-{platform}")
    await change(insurance, granted, "amount", {"amount": "3500.02", "reason": "核定", "document": "1号"})
    await in_state(insurance, granted["benefit_id"], "paid")
    return granted


async def miss_the_check(benefit_id: str, worker_id: str) -> None:
    """Let whoever draws the benefit have missed the yearly check."""
    day = dt.date(2026, 11, 1)
    check = Check(
        worker_id=worker_id,
        district="510603",
        state="missed",
        due_on=day,
        confirmed_on=day,
        drawn=[Drawn(kind="nursing", benefit_id=benefit_id)],
        history=[],
        used=[],
    )
    await transact(check.put)


async def make_up_for_the_check(worker_id: str) -> None:
    await collection_of(Check).update_one({"worker_id": worker_id}, {"$set": {"state": "confirmed"}})


async def test_payments_rest_while_the_yearly_check_is_missed(insurance: Harness, platform: str) -> None:
    granted = await half_paid(insurance, platform)
    await insurance.settled()
    assert (await benefit(insurance, granted["benefit_id"]))["month"] == "2026-09"
    await make_up_for_the_check(f"person-{platform}")
    await make_due("benefit_month", granted["benefit_id"])
    paid = await eventually(lambda: months_paid(insurance, granted, 2))
    assert [one["month"] for one in paid["payments"]] == ["2026-09", "2026-10"]


async def find_ended(insurance: Harness, worker_id: str) -> None:
    """Let an officer find that what a person draws is not due any more."""
    row = await collection_of(Check).find_one({"worker_id": worker_id})
    assert row is not None
    path = f"/v1/qualification-checks/{row['_id']}"
    etag = (await insurance.http.get(path, headers=insurance.officer)).headers["etag"]
    found = {"way": "visit", "result": "not_entitled", "found_on": "2026-11-02", "note": "核实后不再符合条件"}
    found["ended_on"] = "2026-09-20"
    answer = await insurance.http.post(f"{path}/findings", json=found, headers={**insurance.officer, "If-Match": etag})
    assert answer.json()["state"] == "ended", answer.text


async def test_what_the_yearly_check_finds_ended_is_not_paid_any_more(insurance: Harness, platform: str) -> None:
    granted = await half_paid(insurance, platform)
    await find_ended(insurance, f"person-{platform}")
    stopped = await in_state(insurance, granted["benefit_id"], "stopped")
    assert [one["month"] for one in stopped["payments"]] == ["2026-09"]


async def test_what_has_ended_stays_so_when_something_else_is_granted(insurance: Harness, platform: str) -> None:
    granted = await half_paid(insurance, platform)
    await find_ended(insurance, f"person-{platform}")
    another = BenefitGranted(
        benefit_id=f"other-{platform}",
        claim_id="other",
        worker_id=f"person-{platform}",
        platform=platform,
        kind="nursing",
        amount="3500.02",
        payer="fund",
        due_on=None,
    )
    await insurance.publish(another)
    check = await eventually(lambda: confirmed(f"person-{platform}"))
    assert [one["benefit_id"] for one in check["drawn"]] == [f"other-{platform}"]
    await in_state(insurance, granted["benefit_id"], "stopped")


async def confirmed(worker_id: str) -> Any:
    return await collection_of(Check).find_one({"worker_id": worker_id, "state": "confirmed"})


async def months_paid(insurance: Harness, granted: Any, count: int) -> Any:
    found = await benefit(insurance, granted["benefit_id"])
    return found if len(found["payments"]) == count else None


async def test_a_monthly_sum_is_adjusted_from_the_next_month_on(insurance: Harness, platform: str) -> None:
    granted = await half_paid(insurance, platform)
    adjusted = {"amount": "3700.00", "reason": "年度待遇调整", "document": "川人社发〔2026〕某号"}
    assert (await change(insurance, granted, "adjustment", adjusted)).json()["amount"] == "3700.00"
    await make_up_for_the_check(f"person-{platform}")
    await make_due("benefit_month", granted["benefit_id"])
    paid = await eventually(lambda: months_paid(insurance, granted, 2))
    assert [one["amount"] for one in paid["payments"]] == ["3500.02", "3700.00"]
    once = await medical(insurance, await recognised_claim(insurance, platform))
    await in_state(insurance, once["benefit_id"], "paid")
    assert (await change(insurance, once, "adjustment", adjusted)).status_code == 409


async def test_the_fund_pays_first_for_an_uninsured_employer(insurance: Harness, platform: str) -> None:
    """It claims back from the employer what it has paid."""
    claim = await recognised_claim(insurance, platform)
    granted = await grant(insurance, claim, "medical", invoices=BILLS, insured=False)
    assert (granted["payer"], granted["account"]) == ("platform", None)
    asked = {"reason": "用人单位拒不支付", "account": ACCOUNT}
    taken = (await change(insurance, granted, "fund-advance", asked)).json()
    assert (taken["payer"], taken["liable"]) == ("fund", "platform")
    await in_state(insurance, granted["benefit_id"], "paid")
    assert not await timer_set("benefit_due", granted["benefit_id"])
    path = f"/v1/benefits/{granted['benefit_id']}/recoveries"
    owed = {"amount": "1001.00", "reason": "fund_advance", "debtor": "employer"}
    opened = await insurance.http.post(path, json=owed, headers=insurance.officer)
    assert opened.json()["debtor"] == "employer"
    assert [fact.debtor for fact in await told(insurance, RecoveryOpened, platform)] == ["employer"]
    listed = (await insurance.http.get("/v1/benefits", headers=bearer("platform", uscc=platform))).json()["items"]
    assert [(one["benefit_id"], one["liable"]) for one in listed] == [(granted["benefit_id"], "platform")]
    own = await grant(insurance, claim, "suspended_pay", pay="6000.00")
    assert (await change(insurance, own, "fund-advance", asked)).status_code == 409


async def test_only_who_owes_a_benefit_is_asked_for_it(insurance: Harness, platform: str) -> None:
    granted = await medical(insurance, await recognised_claim(insurance, platform))
    await in_state(insurance, granted["benefit_id"], "paid")
    path = f"/v1/benefits/{granted['benefit_id']}/recoveries"
    for debtor, status in (("employer", 422), ("third_party", 201)):
        owed = {"amount": "500.00", "reason": "fund_advance", "debtor": debtor}
        assert (await insurance.http.post(path, json=owed, headers=insurance.officer)).status_code == status


async def test_what_was_paid_wrongly_is_claimed_back(insurance: Harness, platform: str) -> None:
    granted = await medical(insurance, await recognised_claim(insurance, platform))
    path = f"/v1/benefits/{granted['benefit_id']}/recoveries"
    early = {"amount": "1.00", "reason": "overpaid"}
    await in_state(insurance, granted["benefit_id"], "paid")

    async def post(path: str, body: Any) -> httpx2.Response:
        heard = {"heard": "当面陈述：无异议"} if path.endswith("/recoveries") else {}
        return await insurance.http.post(path, json=body | heard, headers=insurance.officer)

    opened = (await post(path, {"amount": "400.00", "reason": "overpaid"})).json()
    assert (await post(path, {"amount": "601.01", "reason": "overpaid"})).status_code == 422
    repaid = f"/v1/recoveries/{opened['recovery_id']}/instalments"
    assert (await post(repaid, {"amount": "150.00", "on": "2026-11-01"})).json()["debt"]["repaid"] == "150.00"
    assert (await post(repaid, {"amount": "250.01", "on": "2026-11-02"})).status_code == 422
    closed = (await post(f"/v1/recoveries/{opened['recovery_id']}/closing", {"reason": "无可供执行财产"})).json()
    assert (closed["debt"]["state"], closed["debt"]["repaid"]) == ("partly_recovered", "150.00")
    assert (await post(repaid, {"amount": "1.00", "on": "2026-11-02"})).status_code == 409
    # what was given up can be claimed again; what has come back cannot
    assert (await post(path, {"amount": "851.01", "reason": "fraud"})).status_code == 422
    again = (await post(path, {"amount": "851.00", "reason": "fraud"})).json()
    whole = f"/v1/recoveries/{again['recovery_id']}/instalments"
    assert (await post(whole, {"amount": "851.00", "on": "2026-11-03"})).json()["debt"]["state"] == "recovered"
    assert (await post(path, early)).status_code == 422
    assert [fact.to_recover for fact in await told(insurance, RecoveryOpened, platform)] == ["400.00", "851.00"]
    ends = [(fact.outcome, fact.recovered) for fact in await told(insurance, RecoveryClosed, platform)]
    assert ends == [("partly_recovered", "150.00"), ("recovered", "851.00")]


async def test_each_sees_the_benefits_that_concern_them(insurance: Harness, platform: str) -> None:
    claim = await recognised_claim(insurance, platform)
    granted = await medical(insurance, claim)
    own = await grant(insurance, claim, "suspended_pay", pay="6000.00")
    path = f"/v1/benefits/{granted['benefit_id']}"
    me = bearer("worker", worker_id=f"person-{platform}")
    mine = (await insurance.http.get("/v1/workers/me/benefits", headers=me)).json()
    assert [one["kind"] for one in mine] == ["medical", "suspended_pay"]
    listed = (await insurance.http.get("/v1/benefits", headers=bearer("platform", uscc=platform))).json()["items"]
    assert [(one["benefit_id"], one["basis"]) for one in listed] == [(own["benefit_id"], None)]
    by_claim = f"/v1/benefits?claim={claim.id}"
    assert len((await insurance.http.get(by_claim, headers=insurance.officer)).json()["items"]) == 2
    for role, claims in (
        ("worker", {"worker_id": "somebody"}),
        ("platform", {"uscc": platform}),
        ("officer", {"department": "hrss", "district": "510681"}),
    ):
        assert (await insurance.http.get(path, headers=bearer(role, **claims))).status_code == 404
    other_department = bearer("officer", department="transport", district="510600")
    assert (await insurance.http.get(path, headers=other_department)).status_code == 403
    elsewhere = insurance.headers("officer", department="hrss", district="510681")
    answer = await insurance.http.post(f"/v1/claims/{claim.id}/benefits", json={"kind": "living"}, headers=elsewhere)
    assert answer.status_code == 404


async def test_the_account_lies_in_clear_nowhere(insurance: Harness, platform: str) -> None:
    """Whoever reads it is recorded."""
    granted = await medical(insurance, await recognised_claim(insurance, platform))
    await in_state(insurance, granted["benefit_id"], "paid")
    stored = repr(await collection_of(Benefit).find({"platform": platform}).to_list(None))
    outbox = b"".join(bytes(row["data"]) for row in await storage().collection("outbox").find().to_list(None))
    for text in (ACCOUNT, ID_NUMBER, NAME):
        assert text not in stored
        assert text.encode() not in outbox
    path = f"/v1/benefits/{granted['benefit_id']}/account"
    shown = (await insurance.http.get(path, headers=insurance.officer)).json()
    assert (shown["account"], shown["id_number"], shown["name"]) == (ACCOUNT, ID_NUMBER, NAME)
    reads = await AuditEntry.find({"about": granted["benefit_id"]}).to_list()
    assert {read.action for read in reads} == {"benefit.read", "benefit.account_read"}
    assert all(read.by.startswith("officer:") for read in reads)


async def test_a_change_made_from_an_old_sight_is_refused(insurance: Harness, platform: str) -> None:
    claim = await recognised_claim(insurance, platform, grade=7)
    granted = await grant(insurance, claim, "disability_lump", own_wage="5000", account=ACCOUNT)
    path = f"/v1/benefits/{granted['benefit_id']}/stop"
    for headers, status in (({}, 428), ({"If-Match": '"7"'}, 412)):
        answer = await insurance.http.put(path, json={"reason": "误"}, headers={**insurance.officer, **headers})
        assert answer.status_code == status


async def test_the_next_of_kin_are_paid_what_is_theirs(insurance: Harness, platform: str) -> None:
    claim = await recognised_claim(insurance, platform, fatal=True)
    answer = await grant(insurance, claim, "funeral", account=ACCOUNT, expect=422)
    assert answer["type"] == "/problems/kin-missing"
    kin = {"id_number": "510681198512310027", "name": "测试乙"}
    wrong = kin | {"id_number": "510681198512310028"}
    refused = await grant(insurance, claim, "funeral", account=ACCOUNT, kin=wrong, expect=422)
    assert "510681198512310028" not in str(refused)
    granted = await grant(insurance, claim, "funeral", account=ACCOUNT, kin=kin)
    assert granted["payee"] == "测**"
    entered = {"amount": "42000.18", "reason": "核定", "document": "1号"}
    await change(insurance, granted, "amount", entered)
    paid = await in_state(insurance, granted["benefit_id"], "paid")
    assert Decimal(paid["paid"]) == Decimal("42000.18")


async def test_payees_and_dependants_are_told_on_their_own_phones(insurance: Harness, platform: str) -> None:
    """A child at the other parent's phone is told once with them; the account's correction may bring another number."""
    claim = await recognised_claim(insurance, platform, fatal=True)
    kin = {"id_number": "510681198512310027", "name": "测试乙", "phone": "13800000021"}
    wrong = await grant(
        insurance, claim, "dependant_pension", account=ACCOUNT, kin=kin | {"phone": "0838-1"}, expect=422
    )
    assert wrong["type"] == "/problems/not-a-phone"
    of_worker = await grant(insurance, claim, "funeral", account=ACCOUNT, kin=kin)
    dependants = [
        {"relation": "spouse", "phone": "138 0000 0021"},
        {"relation": "other", "phone": "13800000022"},
        {"relation": "other"},
    ]
    pension = await grant(
        insurance, claim, "dependant_pension", account=ACCOUNT, kin=kin, own_wage="5000", dependants=dependants
    )
    await change(insurance, pension, "amount", {"amount": "1800.00", "reason": "核定", "document": "1号"})
    ids = [f"{pension['benefit_id']}:k1", f"{pension['benefit_id']}:k2"]
    recorded = {
        fact.kin_id: open_sealed("notifier-kin", fact.for_notifier_kin)["phone"]
        for fact in await insurance.told(KinRecorded)
        if fact.claim_id == claim.id
    }
    assert recorded == {
        f"{of_worker['benefit_id']}:k1": "13800000021",
        ids[0]: "13800000021",
        ids[1]: "13800000022",
    }
    granted = [fact for fact in await told(insurance, BenefitGranted, platform) if fact.kind == "dependant_pension"]
    assert [(fact.to_kin, fact.kin) for fact in granted] == [(True, tuple(ids))]
    assert "1380000002" not in str(await storage().collection("outbox").find({}).to_list(None))
    assert "1380000002" not in str(await storage().collection("benefits").find({}).to_list(None))


async def test_the_heirs_of_a_dead_worker_are_told_in_his_stead(insurance: Harness, platform: str) -> None:
    """What was the worker's own goes to kin as well; without a phone in the grant, to those who act for the claim."""
    claim = await recognised_claim(insurance, platform, fatal=True, kin_told=True)
    invoices = [{"amount": "1000.00"}]
    await grant(insurance, claim, "medical", account=ACCOUNT, invoices=invoices)
    alive = await recognised_claim(insurance, new_platform())
    phone = {"id_number": "510681198512310027", "name": "测试乙", "phone": "13800000021"}
    await grant(insurance, alive, "medical", account=ACCOUNT, invoices=invoices)
    await grant(insurance, alive, "medical", account=ACCOUNT, invoices=invoices, kin=phone)
    of_dead = [(fact.to_kin, fact.kin) for fact in await told(insurance, BenefitGranted, platform)]
    of_living = [(fact.to_kin, len(fact.kin)) for fact in await told(insurance, BenefitGranted, alive.platform)]
    assert (of_dead, of_living) == ([(True, (claim.id,))], [(False, 0), (True, 1)])
