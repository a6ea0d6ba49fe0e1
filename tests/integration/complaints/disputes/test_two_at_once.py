"""Two do the same with a dispute at one moment: one of them has, and the other hears that it has changed."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from shared.ids import new_id
from tests.harness import Harness
from tests.integration.complaints.disputes.matters import OTHER, Matter, engaged, in_arbitration
from tests.integration.complaints.disputes.test_counter_applications import CLAIM, COUNTER, countered, decide, served
from tests.integration.complaints.disputes.test_counter_applications import counter as file_counter
from tests.integration.complaints.disputes.test_enterprise_applications import filed
from tests.integration.complaints.disputes.test_tried_together import both
from tests.integration.complaints.facts import PLATFORM

SUCCESSION = {"enterprise": PLATFORM, "successors": [OTHER], "ground": "merger", "text": "吸收合并"}


async def _in_arbitration(complaints: Harness, hrss: dict[str, str]) -> tuple[Matter, Any, str]:
    return await in_arbitration(complaints, hrss), {"enterprise": OTHER}, "parties"


async def _succeeded(complaints: Harness, hrss: dict[str, str]) -> tuple[Matter, Any, str]:
    return await in_arbitration(complaints, hrss), SUCCESSION, "successions"


async def _countered(complaints: Harness, hrss: dict[str, str]) -> tuple[Matter, Any, str]:
    return await served(complaints, hrss), COUNTER, "counter-applications"


async def _decided(complaints: Harness, hrss: dict[str, str]) -> tuple[Matter, Any, str]:
    matter = await served(complaints, hrss)
    assert (await file_counter(matter)).status_code == 200
    return matter, {"outcome": "accepted"}, "counter-applications/1/decision"


async def _withdrawn(complaints: Harness, hrss: dict[str, str]) -> tuple[Matter, Any, str]:
    return await countered(complaints, hrss), {}, "counter-applications/1/withdrawal"


async def _answered(complaints: Harness, hrss: dict[str, str]) -> tuple[Matter, Any, str]:
    return await countered(complaints, hrss), {"text": "不同意"}, "counter-applications/1/answer"


async def _joined(complaints: Harness, hrss: dict[str, str]) -> tuple[Matter, Any, str]:
    lead, other = await both(complaints, hrss)
    return lead, {"dispute_id": other.id}, "tried-together"


@pytest.mark.parametrize(
    ("made", "who"),
    [
        (_in_arbitration, "hrss"),
        (_succeeded, "hrss"),
        (_countered, "platform"),
        (_decided, "hrss"),
        (_answered, "worker"),
        (_withdrawn, "platform"),
        (_joined, "hrss"),
    ],
)
async def test_of_two_at_once_one_is_done(
    complaints: Harness,
    offices: Any,
    made: Callable[[Harness, dict[str, str]], Awaitable[tuple[Matter, Any, str]]],
    who: str,
) -> None:
    matter, body, path = await made(complaints, offices["hrss"])
    by = offices["hrss"] if who == "hrss" else getattr(matter, who)
    headers = by | {"If-Match": (await matter.read()).headers["etag"]}
    answers = await asyncio.gather(
        *(complaints.http.post(f"/v1/disputes/{matter.id}/{path}", json=body, headers=headers) for _ in range(2))
    )
    assert sorted(one.status_code for one in answers) == [200, 412]


async def test_of_two_applications_at_once_one_is_filed(complaints: Harness, offices: Any) -> None:
    worker_id = f"w-{new_id()}"
    await engaged(complaints, worker_id)
    answers = await asyncio.gather(*(filed(complaints, worker_id) for _ in range(2)))
    assert sorted(one.status_code for one in answers) == [201, 409]


async def test_a_claim_is_taken_here_or_there(complaints: Harness, offices: Any) -> None:
    """A counter-application, and an application of its own with the same claim."""
    matter = await served(complaints, offices["hrss"])
    await engaged(complaints, matter.worker_id)
    answers = await asyncio.gather(
        file_counter(matter), filed(complaints, matter.worker_id, claims=[CLAIM]), return_exceptions=False
    )
    assert sorted(one.status_code for one in answers) in ([200, 409], [201, 409])


async def test_a_joined_dispute_is_not_awarded_too(complaints: Harness, offices: Any) -> None:
    lead, other = await both(complaints, offices["hrss"])
    headers = offices["hrss"] | {"If-Match": (await lead.read()).headers["etag"]}
    together, award = await asyncio.gather(
        complaints.http.post(f"/v1/disputes/{lead.id}/tried-together", json={"dispute_id": other.id}, headers=headers),
        other.send(offices["hrss"], "steps", {"step": "award", "awards": {"1": "1.00"}}),
    )
    assert (together.status_code == 200) != (award.status_code == 200)
    assert (await decide(lead, offices["hrss"], "accepted")).status_code == 404
