"""From a completed training to its certificate."""

from __future__ import annotations

import asyncio
from itertools import permutations

import pytest

from services.subsidies.certificates import commands as certificates
from services.subsidies.certificates.documents import Certificate
from shared.contracts.base import Fact
from shared.contracts.subsidies import CertificateIssued
from shared.storage.transaction import transact
from tests.harness import Harness, bearer
from tests.integration.subsidies.facts import DAY, PLATFORM, engagement, tell, training


@pytest.mark.parametrize("turn", range(2))
async def test_a_certificate_is_issued_once_it_is_known_whose_it_is(subsidies: Harness, turn: int) -> None:
    worker_id, worker_ref = f"w-issue{turn}", f"ISSUE{turn}"
    facts: list[Fact] = [training(worker_ref), engagement(worker_id, worker_ref)]
    for fact in list(permutations(facts))[turn]:
        await tell(subsidies, fact, fact)
        await subsidies.settled()
    issued = [fact for fact in await subsidies.told(CertificateIssued) if fact.worker_ref == worker_ref]
    assert [(fact.worker_id, fact.course, fact.completed_on) for fact in issued] == [
        (worker_id, "网约配送员（四级）", DAY)
    ]
    mine = await subsidies.http.get("/v1/certificates", headers=bearer("worker", worker_id=worker_id))
    assert [one["number"] for one in mine.json()["items"]] == [issued[0].number]
    assert issued[0].number.startswith("德培证〔2026〕0910-")


async def test_the_number_that_the_platform_gave_is_the_certificates(subsidies: Harness) -> None:
    await tell(subsidies, engagement("w-number", "NUMBER"), training("NUMBER", number="PX-2026-77"))
    await subsidies.settled()
    (found,) = await Certificate.find(Certificate.worker_ref == "NUMBER").to_list()
    assert found.number == "PX-2026-77"


async def test_a_training_and_its_engagement_at_the_same_moment_meet(subsidies: Harness) -> None:
    async def both(number: int) -> None:
        ref = f"MEET{number}"
        await asyncio.gather(
            transact(lambda tx: certificates.record_training(training(ref), PLATFORM, f"e-{ref}", tx)),
            transact(lambda tx: certificates.record_worker(engagement(f"w-meet{number}", ref), tx)),
        )

    for number in range(20):
        await both(number)
    issued = {fact.worker_ref for fact in await subsidies.told(CertificateIssued)}
    assert {f"MEET{number}" for number in range(20)} <= issued
