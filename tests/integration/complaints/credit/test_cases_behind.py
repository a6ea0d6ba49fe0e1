"""Listings that follow from an order on a case."""

from __future__ import annotations

import datetime as dt
from typing import Any

import time_machine

from services.complaints.cases.documents import Case
from shared import clock
from shared.storage.client import collection_of
from tests.harness import Harness, bearer
from tests.integration.complaints.course import HERE, TEXT, Course, course, today
from tests.integration.complaints.facts import PLATFORM
from tests.integration.complaints.staff import on_register

KEPT_BACK = TEXT[:14]
YES = {"yes": True, "text": "符合条件"}


def later(days: int) -> time_machine.travel:
    return time_machine.travel(clock.now() + dt.timedelta(days=days), tick=True)


class Listed:
    """A listing that follows from an order on a case, and what officers do with it."""

    def __init__(self, complaints: Harness, case: Course, order: str) -> None:
        self.complaints, self.case, self.order, self.id = complaints, case, order, ""

    def who(self, subject: str) -> dict[str, str]:
        return bearer("officer", department="hrss", district=HERE, sub=subject)

    async def propose(self, **changes: Any) -> int:
        body = {
            "directive_id": self.order, "kind": "serious_violation", "category": "wage_arrears", "name": "试样企业",
            "address": "德阳市试样路1号", "representative": "赵测试", "facts": "拖欠劳动报酬", "result": "责令支付",
            "grounds": "数额较大",
        }  # fmt: skip
        headers = self.complaints.headers("officer", department="hrss", district=HERE) | self.who("h-1")
        answer = await self.complaints.http.post("/v1/credit-listings", json=body | changes, headers=headers)
        self.id = answer.json().get("listing_id", "")
        return answer.status_code

    async def do(self, step: str, subject: str, body: Any = None) -> int:
        path, by = f"/v1/credit-listings/{self.id}", self.who(subject)
        etag = (await self.complaints.http.get(path, headers=by)).headers.get("etag", "0")
        answer = await self.complaints.http.post(f"{path}/{step}", json=body, headers=by | {"If-Match": etag})
        return answer.status_code

    async def withdraw_order(self) -> int:
        path, by = f"/v1/directives/{self.order}", self.who("a-1")
        etag = (await self.complaints.http.get(path, headers=by)).headers["etag"]
        body = {"text": "责令有误"}
        return (
            await self.complaints.http.post(f"{path}/withdrawal", json=body, headers=by | {"If-Match": etag})
        ).status_code


async def listed(complaints: Harness) -> Listed:
    """An order on a case in confidence that was served today."""
    case = await course(complaints, confidential=True)
    await on_register("hrss", HERE, subject="a-2", duties=["approver"])
    await case.do("acceptance", case.handler)
    body = {
        "origin": "case", "origin_id": case.case_id, "enterprise": PLATFORM, "district": HERE, "violation": "underpayment",
        "demands": [{"article": "劳动保障监察条例第26条", "text": "依法支付劳动报酬"}], "days": 7,
    }  # fmt: skip
    headers = complaints.headers("officer", department="hrss", district=HERE) | case.handler
    drawn = await complaints.http.post("/v1/directives", json=body, headers=headers)
    assert drawn.status_code == 201, drawn.text
    order = drawn.json()["directive_id"]
    served = await complaints.http.post(
        f"/v1/directives/{order}/service",
        json={"on": today(), "by": "直接送达"},
        headers=case.handler | {"If-Match": drawn.headers["etag"]},
    )
    assert served.status_code == 200, served.text
    return Listed(complaints, case, order)


async def test_no_text_of_a_listing_tells_who_reported(complaints: Harness) -> None:
    listing = await listed(complaints)
    number = (await listing.case.read(listing.case.handler))["number"]
    with later(25):
        await complaints.settled()
        for told in ({"facts": f"投诉称{KEPT_BACK}"}, {"result": KEPT_BACK}, {"address": KEPT_BACK}):
            assert await listing.propose(**told) == 409
        assert await listing.propose(facts=f"见{number}号投诉") == 422
        assert await listing.propose() == 201
        assert await listing.do("notice", "h-1") == 200
    with later(60):
        assert await listing.do("decision", "a-1", {"yes": True, "text": KEPT_BACK}) == 409
        assert await listing.do("decision", "a-1", {"yes": False, "text": f"不再列入{number}"}) == 409
        assert await listing.do("decision", "a-1", YES) == 200
        assert await listing.do("revocation", "a-2", {"text": KEPT_BACK}) == 409
        assert await listing.do("revocation", "a-2", {"text": "列入有误"}) == 200


async def test_who_stays_away_from_a_case_lists_nobody(complaints: Harness) -> None:
    listing = await listed(complaints)
    with later(25):
        await complaints.settled()
        assert await listing.propose() == 201
        assert await listing.do("notice", "h-1") == 200
    await collection_of(Case).update_one({"_id": listing.case.case_id}, {"$set": {"away": ["a-1"]}})
    with later(60):
        assert await listing.do("decision", "a-1", YES) == 403
    await collection_of(Case).update_one({"_id": listing.case.case_id}, {"$set": {"away": []}})
    with later(60):
        assert await listing.do("decision", "a-1", YES) == 200


async def test_nothing_is_listed_on_an_order_that_was_withdrawn(complaints: Harness) -> None:
    listing = await listed(complaints)
    with later(25):
        await complaints.settled()
        assert await listing.propose() == 201
        assert await listing.do("notice", "h-1") == 200
        assert await listing.withdraw_order() == 200
    with later(60):
        assert await listing.do("decision", "a-1", YES) == 409
        assert await listing.do("decision", "a-1", {"yes": False, "text": "责令已撤销"}) == 200
