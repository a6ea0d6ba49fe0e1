"""An order to put right, and what officers and the enterprise do with it over HTTP."""

from __future__ import annotations

from typing import Any

from shared import clock
from shared.policy.calendar import shanghai_date
from tests.harness import Harness, bearer
from tests.integration.complaints.staff import on_register

HERE = "510681"


class Officers:
    """Two officers of the labour department, neither of whom may do both steps; their tokens are of the moment."""

    @classmethod
    async def on_register(cls) -> Officers:
        for subject in ("d-first", "d-second"):
            await on_register(district=HERE, subject=subject)
        return cls()

    @property
    def first(self) -> dict[str, str]:
        return bearer("officer", department="hrss", district=HERE, sub="d-first")

    @property
    def second(self) -> dict[str, str]:
        return bearer("officer", department="hrss", district=HERE, sub="d-second")


class Ordered:
    """An order, as its officers read it."""

    def __init__(self, complaints: Harness, shown: dict[str, Any]) -> None:
        self.complaints, self.shown = complaints, shown
        self.enterprise = bearer("platform", uscc=shown["enterprise"])

    @property
    def id(self) -> str:
        return str(self.shown["directive_id"])

    async def do(self, what: str, by: dict[str, str], body: Any) -> int:
        """Post a step on the order as it is now; the status. `by` the enterprise reads it by its own route."""
        path = f"/v1/directives/{self.id}"
        read = f"{path}/order" if by == self.enterprise else path
        etag = (await self.complaints.http.get(read, headers=by)).headers.get("etag", "0")
        answer = await self.complaints.http.post(f"{path}/{what}", json=body, headers=by | {"If-Match": etag})
        if answer.status_code == 200:
            self.shown |= answer.json()
        return answer.status_code


async def ordered(complaints: Harness, officers: Officers, enterprise: str, **changes: Any) -> Ordered:
    body = {
        "origin": "own",
        "enterprise": enterprise,
        "district": HERE,
        "violation": "underpayment",
        "demands": [{"article": "劳动保障监察条例第26条", "text": "支付低于最低工资标准的差额"}],
        "owed": [{"worker_ref": "w1", "amount": "100.01"}, {"worker_ref": "w2", "amount": "33.33"}],
        "days": 7,
    }
    headers = complaints.headers("officer", department="hrss", district=HERE) | officers.first
    answer = await complaints.http.post("/v1/directives", json=body | changes, headers=headers)
    assert answer.status_code == 201, answer.text
    return Ordered(complaints, answer.json())


async def served(complaints: Harness, officers: Officers, enterprise: str, **changes: Any) -> Ordered:
    order = await ordered(complaints, officers, enterprise, **changes)
    today = str(shanghai_date(clock.now()))
    assert await order.do("service", officers.first, {"on": today, "by": "直接送达"}) == 200
    return order
