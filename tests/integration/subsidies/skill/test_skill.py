"""The skill subsidy from a certificate of a body on file to its approval."""

from __future__ import annotations

import asyncio
import datetime as dt
from typing import Any

from services.subsidies.decisions.documents import PaidFact
from shared.ids import new_id
from shared.storage.client import collection_of
from tests.harness import Harness, bearer
from tests.integration.subsidies.bodies import (
    begun,
    complete,
    enrol,
    examined,
    in_days,
    on_file,
    provider,
    published,
    report,
    today,
    uscc,
)
from tests.integration.subsidies.facts import contribution, engagement, tell, training, worker
from tests.integration.subsidies.filing import FIRST, PATH, SECOND, apply_as, do, end_notice, funded, officer, signed

PAID_BY = "91510600MA0000001E"


def months_before(count: int) -> list[str]:
    day = today().replace(day=1)
    found: list[str] = []
    while len(found) < count:
        day = (day - dt.timedelta(days=1)).replace(day=1)
        found.append(f"{day:%Y-%m}")
    return found


async def certified(subsidies: Harness, trainer: str, evaluator: str, worker_id: str) -> str:
    """The number of a certificate of the junior grade that an evaluation body on file gave yesterday."""
    await on_file(subsidies, evaluator, "evaluation_body")
    await on_file(subsidies, trainer)
    programme = await published(subsidies, trainer, evaluator=evaluator)
    enrolment = (await enrol(subsidies, programme, worker_id))["enrolment_id"]
    await begun(programme)
    await report(subsidies, provider(subsidies, trainer), programme, (enrolment, "s1"), (enrolment, "s2"))
    assert await complete(subsidies, trainer, programme, enrolment) == ["completed"]
    result = {"enrolment_id": enrolment, "attempt": 1, "taken_on": in_days(-1), "passed": True}
    assert await examined(subsidies, evaluator, programme, result) == ["recorded"]
    found = await subsidies.http.get("/v1/certificates", headers=bearer("worker", worker_id=worker_id))
    (certificate,) = [one for one in found.json()["items"] if one["evaluator"] == evaluator]
    await subsidies.settled()
    return str(certificate["number"])


async def insured(subsidies: Harness, worker_id: str, months: int) -> None:
    paid = [
        contribution(worker_id, month, insurance="unemployment", amount="20.00", payer=PAID_BY)
        for month in months_before(months)
    ]
    await tell(subsidies, worker(worker_id), *paid)
    await subsidies.settled()


def met(application: dict[str, Any]) -> dict[str, bool | None]:
    return {ground["code"]: ground["met"] for ground in application["proposal"]["grounds"]}


async def announced(subsidies: Harness, key: str, amount: str | None) -> None:
    """An application with money for it, signed for approval, whose days of public notice are over."""
    await funded()
    await funded("skill", source="unemployment_insurance_fund")
    await signed(subsidies, key, amount)
    await end_notice(key)


async def test_a_certificate_is_paid_for_by_its_grade_once(subsidies: Harness) -> None:
    one = f"w-{new_id()}"
    await insured(subsidies, one, 12)
    number = await certified(subsidies, uscc(901), uscc(902), one)
    filed = await apply_as(subsidies, one, kind="skill", stated={"certificate_number": number})
    assert set(met(filed).values()) == {True}
    assert filed["proposal"]["amount"] == "1000.00"
    key = filed["application_id"]
    await announced(subsidies, key, None)
    done = await do(subsidies, key, "approval", officer(SECOND))
    assert (done["state"], done["amount"]) == ("paying", "1000.00")
    held = {row["_id"] async for row in collection_of(PaidFact).find({"holder": key})}
    assert f"skill:{one}:course:4-02-07-10:junior" in held
    again = await apply_as(subsidies, one, kind="skill", stated={"certificate_number": number})
    assert met(again)["not_paid_before"] is False


async def test_an_occupation_and_grade_is_paid_for_once(subsidies: Harness) -> None:
    """As a skill and as a training, whichever comes first."""
    one, other = f"w-{new_id()}", f"w-{new_id()}"
    await insured(subsidies, one, 12)
    await insured(subsidies, other, 12)
    first = await certified(subsidies, uscc(911), uscc(912), one)
    second = await certified(subsidies, uscc(913), uscc(914), other)
    kinds: dict[str, tuple[dict[str, Any], str | None]] = {
        "training": ({"public_pension": False}, "800.00"),
        "skill": ({}, None),
    }
    for worker_id, number, then in ((one, first, ("skill", "training")), (other, second, ("training", "skill"))):
        paid, refused = then
        stated, amount = kinds[paid]
        filed = await apply_as(subsidies, worker_id, kind=paid, stated={"certificate_number": number, **stated})
        await announced(subsidies, filed["application_id"], amount)
        await do(subsidies, filed["application_id"], "approval", officer(SECOND))
        stated, amount = kinds[refused]
        again = await apply_as(subsidies, worker_id, kind=refused, stated={"certificate_number": number, **stated})
        assert met(again)[f"not_paid_as_{paid}"] is False
        await do(subsidies, again["application_id"], "acceptance", officer(FIRST))
        wish = {"approve": True, "amount": amount}
        await do(subsidies, again["application_id"], "review", officer(FIRST), wish, expect=422)


async def test_of_both_approved_at_once_one_is_paid(subsidies: Harness) -> None:
    one = f"w-{new_id()}"
    await insured(subsidies, one, 12)
    number = await certified(subsidies, uscc(915), uscc(916), one)
    skill = await apply_as(subsidies, one, kind="skill", stated={"certificate_number": number})
    stated = {"certificate_number": number, "public_pension": False}
    training = await apply_as(subsidies, one, kind="training", stated=stated)
    keys = [skill["application_id"], training["application_id"]]
    for key, amount in zip(keys, (None, "800.00"), strict=True):
        await announced(subsidies, key, amount)

    async def approve(key: str) -> int:
        seen = (await subsidies.http.get(f"{PATH}/{key}", headers=officer(SECOND))).headers["etag"]
        who = {**officer(SECOND), "If-Match": seen}
        return (await subsidies.http.post(f"{PATH}/{key}/approval", headers=who)).status_code

    answers = await asyncio.gather(*map(approve, keys))
    assert sorted(answers) in ([200, 409], [200, 412], [200, 422]), answers
    (held,) = await PaidFact.find({"_id": f"course:{one}:4-02-07-10:junior"}).to_list()
    assert held.holder == keys[answers.index(200)]


async def test_what_is_not_recorded_is_for_an_officer(subsidies: Harness) -> None:
    one = f"w-{new_id()}"
    await insured(subsidies, one, 11)
    await tell(subsidies, engagement(one, one.upper()), training(one.upper(), day=today(), number=f"N-{one}"))
    await subsidies.settled()
    filed = await apply_as(subsidies, one, kind="skill", stated={"certificate_number": f"N-{one}"})
    assert {code for code, holds in met(filed).items() if holds is None} == {"genuine", "level", "insured"}
    assert filed["proposal"]["amount"] is None


async def test_another_persons_certificate_is_none(subsidies: Harness) -> None:
    mine, other = f"w-{new_id()}", f"w-{new_id()}"
    await tell(subsidies, worker(mine), worker(other), engagement(other, other.upper()))
    await tell(subsidies, training(other.upper(), day=today(), number=f"N-{other}"))
    await subsidies.settled()
    filed = await apply_as(subsidies, mine, kind="skill", stated={"certificate_number": f"N-{other}"})
    assert met(filed) == {"certificate": False}


async def test_one_certificate_is_named_in_one_way(subsidies: Harness) -> None:
    for stated in ({}, {"certificate_id": "a", "certificate_number": "b"}):
        await apply_as(subsidies, "w-x", kind="skill", stated=stated, expect=422)
