"""A bill is paid once: whoever claims it, by whatever claim and scheme; what only looks the same a person tells apart."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from services.insurance.benefits.bill_documents import ClaimedBill
from services.insurance.benefits.documents import Benefit
from services.insurance.claims.documents import Claim
from shared.storage.client import collection_of
from tests.harness import Harness
from tests.integration.at_rest import holding
from tests.integration.insurance.facts import new_platform
from tests.integration.insurance.recognised import ACCOUNT, bill, grant, in_state, recognised_claim

PLAIN = {"amount": "321.00"}


@pytest.fixture
def platform() -> str:
    return new_platform()


async def claim_bill(
    insurance: Harness, claim: Claim, one: Any, expect: int = 201, kind: str = "medical", **body: Any
) -> Any:
    asked = {"invoices": [one], "account": ACCOUNT, "as_they_are": True} | body
    return await grant(insurance, claim, kind, expect=expect, **asked)


async def stop(insurance: Harness, granted: Any) -> None:
    path = f"/v1/benefits/{granted['benefit_id']}"
    seen = await insurance.http.get(path, headers=insurance.officer)
    headers = {**insurance.officer, "If-Match": seen.headers["etag"]}
    answer = await insurance.http.put(f"{path}/stop", json={"reason": "票据录错报案"}, headers=headers)
    assert answer.status_code == 200, answer.text


async def test_a_bill_that_was_claimed_is_refused(insurance: Harness, platform: str) -> None:
    """By the same claim, another kind, another person's claim, and another scheme; the first is shown."""
    claim, one = await recognised_claim(insurance, platform), PLAIN | bill()
    first = await claim_bill(insurance, claim, one)
    other = await recognised_claim(insurance, new_platform(), scheme="occupational_injury", cover="covered")
    typed = one | {"number": f" {one['number'].upper()} ", "excluded": "1.00", "another": "另一张"}
    for again, kind in ((claim, "medical"), (claim, "rehabilitation"), (other, "medical")):
        refused = await claim_bill(insurance, again, typed, 409, kind)
        assert refused["type"] == "/problems/bill-claimed"
        assert refused["first"]["benefit_id"] == first["benefit_id"]
        assert (refused["first"]["amount"], refused["first"]["issued_on"]) == ("321.00", one["issued_on"])
        assert (refused["first"]["scheme"], refused["first"]["district"]) == ("work_injury", "510603")
    path = f"/v1/claims/{other.id}/benefits?preview=true"
    body = {"kind": "medical", "invoices": [one]}
    assert (await insurance.http.post(path, json=body, headers=insurance.officer)).status_code == 409
    twice = await claim_bill(insurance, other, one, 409, invoices=[PLAIN | bill(), *[PLAIN | bill()] * 2])
    assert twice["type"] == "/problems/bill-claimed"
    assert await holding(one["number"]) == []


async def test_of_two_claims_for_a_bill_at_once_one_stands(insurance: Harness, platform: str) -> None:
    claims = [await recognised_claim(insurance, one) for one in (platform, new_platform())]
    body = {"kind": "medical", "invoices": [PLAIN | bill()], "account": ACCOUNT}
    posts = [
        insurance.http.post(f"/v1/claims/{claim.id}/benefits", json=body, headers=insurance.officer) for claim in claims
    ]
    assert sorted(answer.status_code for answer in await asyncio.gather(*posts)) == [201, 409]
    assert len(await Benefit.find({"claim_id": {"$in": [claim.id for claim in claims]}}).to_list()) == 1


async def test_a_number_of_another_sum_is_told_apart_by_a_person(insurance: Harness, platform: str) -> None:
    claim, one = await recognised_claim(insurance, platform), PLAIN | bill()
    first = await claim_bill(insurance, claim, one)
    changed = one | {"amount": "3210.00"}
    refused = await claim_bill(insurance, claim, changed, 409)
    assert (refused["type"], refused["first"]["benefit_id"]) == ("/problems/bill-number-claimed", first["benefit_id"])
    granted = await claim_bill(insurance, claim, changed | {"another": "旧式收据，年度间号码重复"})
    assert [(one["event"], one["reason"]) for one in granted["history"]][1] == (
        "bill_told_apart", "旧式收据，年度间号码重复",
    )  # fmt: skip
    again = await claim_bill(insurance, claim, changed | {"another": "又一张"}, 409)
    assert again["first"]["benefit_id"] == granted["benefit_id"], "each of the two stands for itself"
    assert await holding("年度间号码重复") == []


async def test_bills_without_a_number_are_known_by_their_sum(insurance: Harness, platform: str) -> None:
    """Among those of the same person, whichever of the two has none; of somebody else they are not."""
    claim = await recognised_claim(insurance, platform)
    first = await claim_bill(insurance, claim, PLAIN)
    second = await recognised_claim(insurance, platform, scheme="occupational_injury", cover="covered")
    for one in (PLAIN, PLAIN | bill()):
        refused = await claim_bill(insurance, second, one, 409)
        assert (refused["type"], refused["first"]["benefit_id"]) == ("/problems/bill-alike", first["benefit_id"])
    await claim_bill(insurance, second, PLAIN | bill() | {"another": "十一月复诊"})
    await claim_bill(insurance, await recognised_claim(insurance, new_platform()), PLAIN)
    half = PLAIN | {"number": "7"}
    assert (await claim_bill(insurance, claim, half, 422))["type"] == "/problems/bill-half-named"
    early = PLAIN | bill() | {"issued_on": "2026-09-01"}
    assert (await claim_bill(insurance, claim, early, 422))["type"] == "/problems/bill-day"


async def test_a_bill_is_free_where_nothing_was_paid_for_it(insurance: Harness, platform: str) -> None:
    """What was entered in the wrong claim is stopped and claimed again; once paid it stays claimed."""
    wrong, right = [await recognised_claim(insurance, one) for one in (platform, new_platform())]
    one = PLAIN | bill()
    first = await claim_bill(insurance, wrong, one, insured=False)
    await stop(insurance, first)
    second = await claim_bill(insurance, right, one)
    await in_state(insurance, second["benefit_id"], "paid")
    await stop(insurance, second)
    assert (await claim_bill(insurance, right, one, 409))["first"]["benefit_id"] == second["benefit_id"]
    rows = await collection_of(ClaimedBill).find({"benefit_id": second["benefit_id"]}).to_list(None)
    assert [str(row["_id"]).rpartition(":")[2] for row in rows] == ["1"]
