"""Who knows number and name learns whether a certificate is valid, and nothing else."""

from __future__ import annotations

from typing import Any

import pytest

from services.subsidies.certificates import access
from shared.contracts.registry import WorkerErased
from shared.contracts.subsidies import CertificateRevoked
from shared.storage.client import storage
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
    step,
    uscc,
)
from tests.integration.subsidies.facts import DAY, engagement, tell, training, worker

NOTHING = {"result": "not_valid", "course": None, "level": None, "completed_on": None}


@pytest.fixture(autouse=True)
def _fresh_limit() -> None:
    access._limiter.cache_clear()


async def verified(subsidies: Harness, number: str, name: str) -> Any:
    query = {"number": number, "name": name}
    answer = await subsidies.http.get("/v1/certificates/verification", params=query)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def held(subsidies: Harness, worker_id: str, number: str, name: str = "买买提·试样") -> Any:
    """A certificate that a platform told of."""
    ref = f"REF-{worker_id}"
    await tell(subsidies, worker(worker_id, name=name), engagement(worker_id, ref), training(ref, number=number))
    await subsidies.settled()
    found = await subsidies.http.get("/v1/certificates", headers=bearer("worker", worker_id=worker_id))
    return found.json()["items"][0]


async def test_number_and_name_together_verify(subsidies: Harness) -> None:
    await held(subsidies, "w-ver", "PX-VER")
    valid = {"result": "valid", "course": "网约配送员（四级）", "level": None, "completed_on": str(DAY)}
    assert await verified(subsidies, "PX-VER", "买买提·试样") == valid
    assert await verified(subsidies, " PX-VER ", "买买提 • 试样") == valid
    assert await verified(subsidies, "PX-VER", "试样甲") == NOTHING
    assert await verified(subsidies, "PX-VER2", "买买提·试样") == NOTHING
    for row in await storage().collection("trainee_persons").find().to_list(None):
        assert "试样" not in str(row)


async def test_who_asks_too_often_is_answered_later(subsidies: Harness) -> None:
    answers = [
        (
            await subsidies.http.get("/v1/certificates/verification", params={"number": f"N{n}", "name": "某"})
        ).status_code
        for n in range(61)
    ]
    assert answers == [200] * 60 + [429]


async def test_an_erased_persons_name_verifies_nothing(subsidies: Harness) -> None:
    await held(subsidies, "w-ver-gone", "PX-GONE", "试样丁")
    await tell(subsidies, WorkerErased(worker_id="w-ver-gone"))
    await subsidies.settled()
    assert await verified(subsidies, "PX-GONE", "试样丁") == NOTHING


async def test_an_evaluation_body_revokes_what_it_examined_for(subsidies: Harness) -> None:
    await on_file(subsidies, uscc(601))
    await on_file(subsidies, uscc(602), "evaluation_body")
    await tell(subsidies, worker("w-rev", name="试样乙"))
    programme = await published(subsidies, uscc(601), evaluator=uscc(602))
    enrolment = (await enrol(subsidies, programme, "w-rev"))["enrolment_id"]
    await begun(programme)
    await complete(subsidies, uscc(601), programme, enrolment)
    passed = {"enrolment_id": enrolment, "taken_on": in_days(-1), "passed": True}
    await examined(subsidies, uscc(602), programme, passed)
    await subsidies.settled()
    evaluator = provider(subsidies, uscc(602))
    [certificate] = (await subsidies.http.get("/v1/certificates", headers=evaluator)).json()["items"]
    number = certificate["number"]
    assert (await verified(subsidies, number, "试样乙"))["level"] == "junior"
    path = f"/v1/certificates/{certificate['certificate_id']}"
    printed = (await subsidies.http.get(f"{path}/print", headers=bearer("worker", worker_id="w-rev"))).json()
    assert (printed["title"], printed["name"], printed["level_name"]) == (
        "职业技能等级证书",
        "试样乙",
        "初级工（五级）",
    )
    assert (await subsidies.http.get(f"{path}/print", headers=bearer("worker", worker_id="w-x"))).status_code == 404
    reason = {"reason": "考核组织不规范"}
    await step(subsidies, provider(subsidies, uscc(601)), f"{path}/revocation", reason, expect=404)
    revoked = await step(subsidies, evaluator, f"{path}/revocation", reason)
    assert (revoked["state"], revoked["reason"]) == ("revoked", "考核组织不规范")
    await step(subsidies, evaluator, f"{path}/revocation", reason, seen=2, expect=409)
    assert (await verified(subsidies, number, "试样乙"))["result"] == "revoked"
    told = [fact.revoked_by for fact in await subsidies.told(CertificateRevoked) if fact.number == number]
    assert told == ["evaluation_body"]
    row = await storage().collection("certificates").find_one({"number": number})
    assert "不规范" not in str(row)


async def test_an_officer_of_the_district_revokes(subsidies: Harness) -> None:
    certificate = await held(subsidies, "w-rev2", "PX-REV2", "试样丙")
    one, reason = f"/v1/certificates/{certificate['certificate_id']}", {"reason": "虚假培训"}
    path = f"{one}/revocation"
    elsewhere = bearer("officer", department="hrss", district="510681")
    await step(subsidies, elsewhere, path, reason, expect=404)
    here = bearer("officer", department="hrss", district="510603")
    read = await subsidies.http.get(one, headers=here)
    await step(subsidies, here, path, reason, seen=int(read.headers["etag"].strip('"')))
    assert (await verified(subsidies, "PX-REV2", "试样丙"))["result"] == "revoked"
    # the same training, pushed once more, makes no other certificate
    await tell(subsidies, training("REF-w-rev2", number="PX-REV2"), training("REF-w-rev2", number="PX-REV3"))
    await subsidies.settled()
    assert await verified(subsidies, "PX-REV3", "试样丙") == NOTHING
