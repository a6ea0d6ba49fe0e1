"""A penalty, and what officers and the enterprise do with it over HTTP."""

from __future__ import annotations

import datetime as dt
from typing import Any

from shared import clock
from shared.contracts.base import Fact
from shared.policy.calendar import shanghai_date
from tests.harness import Harness, bearer
from tests.integration.complaints.staff import on_register

HERE = "510681"
PNG = b"\x89PNG\r\n\x1a\n" + bytes(100)
LETTER = {
    "party": "测试平台有限公司",
    "address": "广汉市测试路1号",
    "pay_to": "广汉市财政局非税收入专户，银行缴款或者电子支付",
    "review_body": "广汉市人民政府",
    "court": "广汉市人民法院",
    "authority": "广汉市人力资源和社会保障局",
    "speak_to": "广汉市劳动保障监察大队，广汉市测试路2号，0838-0000000",
}
"""What a decision letter and an advance notice say beside their text."""
MOST_READINGS = 5
OFFICERS = ("p-first", "p-second", "p-third", "p-fourth")


def today() -> str:
    return f"{shanghai_date(clock.now())}"


def later(**span: int) -> dt.datetime:
    return clock.now() + dt.timedelta(**span)


def officer(subject: str) -> dict[str, str]:
    return bearer("officer", department="hrss", district=HERE, sub=subject)


async def office() -> None:
    """Four officers of the labour department: two investigate, one reviews and hears, one decides."""
    for subject in OFFICERS:
        await on_register(district=HERE, subject=subject)


class Course:
    """A penalty on its way."""

    def __init__(self, complaints: Harness, shown: dict[str, Any]) -> None:
        self.complaints, self.shown = complaints, shown
        self.uscc = str(shown["enterprise"])

    @property
    def id(self) -> str:
        return str(self.shown["penalty_id"])

    @property
    def enterprise(self) -> dict[str, str]:
        return bearer("platform", uscc=self.uscc)

    async def do(self, what: str, by: str, body: Any = None) -> tuple[int, str]:
        """Take a step of the penalty as it is now; the status, and the kind of problem. `by`: an officer, or `enterprise`."""
        who = self.enterprise if by == "enterprise" else officer(by)
        path = f"/v1/penalties/{self.id}"
        read = f"{path}/letter" if by == "enterprise" else path
        for _ in range(MOST_READINGS):
            etag = (await self.complaints.http.get(read, headers=who)).headers.get("etag", '"0"')
            answer = await self.complaints.http.post(f"{path}/{what}", json=body, headers=who | {"If-Match": etag})
            if answer.status_code != 412:  # a timer may have changed it meanwhile
                break
        said = answer.json()
        if answer.status_code == 200 and by != "enterprise":
            self.shown = said
        return answer.status_code, str(said.get("type", "")).removeprefix("/problems/")

    async def done(self, what: str, by: str, body: Any = None) -> None:
        assert await self.do(what, by, body) == (200, "")

    async def letter(self) -> dict[str, Any]:
        """The penalty as the enterprise reads it."""
        answer = await self.complaints.http.get(f"/v1/penalties/{self.id}/letter", headers=self.enterprise)
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    async def filed_evidence(self, about: str = "现场照片", content: bytes = PNG) -> str:
        """Hand in a file as an officer; its id."""
        headers = self.complaints.headers("officer", department="hrss", district=HERE) | officer("p-first")
        kept = await self.complaints.http.post(
            f"/v1/penalties/{self.id}/evidence",
            data={"about": about},
            files={"file": ("a.png", content, "image/png")},
            headers=headers,
        )
        assert kept.status_code == 201, kept.text
        return str(kept.json()["evidence_id"])

    async def investigated(self, **changes: Any) -> None:
        body: dict[str, Any] = {
            "facts": "现场查明",
            "charges": [{"ground": "obstruction"}],
            "officers": ["p-first", "p-second"],
        }
        if "evidence" not in changes:
            body["evidence"] = [await self.filed_evidence()]
        await self.done("conclusion", "p-first", body | changes)

    async def notified(self, fine: str = "8000.00", **changes: Any) -> None:
        await self.done("notice", "p-first", meant(fine) | {"by": "直接送达"} | changes)

    async def decided(self, fine: str = "8000.00") -> None:
        """Investigate, notify, let the enterprise waive, and decide."""
        await self.investigated()
        await self.notified(fine)
        await self.done("waiver", "enterprise")
        await self.done("decision", "p-fourth", meant(fine))

    async def served(self, fine: str = "8000.00") -> None:
        await self.decided(fine)
        await self.done("service", "p-first", {"on": today(), "by": "直接送达"})


def meant(fine: str, **changes: Any) -> dict[str, Any]:
    return {
        "fine": fine,
        "text": "拟处罚款",
        "amount_reasons": "情节一般",
        "order": "立即改正",
        "letter": LETTER,
    } | changes


def filing(enterprise: str, **changes: Any) -> dict[str, Any]:
    body = {
        "origin": "own",
        "enterprise": enterprise,
        "district": HERE,
        "violation": "obstruction",
        "grounds": ["obstruction"],
        "relation": "employment",
        "began_on": today(),
    }
    return body | changes


async def file(complaints: Harness, enterprise: str, **changes: Any) -> tuple[int, dict[str, Any]]:
    """File a penalty; the status and the answer."""
    headers = complaints.headers("officer", department="hrss", district=HERE) | officer("p-first")
    answer = await complaints.http.post("/v1/penalties", json=filing(enterprise, **changes), headers=headers)
    return answer.status_code, dict(answer.json())


async def filed(complaints: Harness, enterprise: str, **changes: Any) -> Course:
    status, shown = await file(complaints, enterprise, **changes)
    assert status == 201, shown
    return Course(complaints, shown)


async def told(complaints: Harness, penalty: Course, *kinds: type[Fact]) -> list[str]:
    """The types of a penalty's events."""
    return [
        kind.__name__
        for kind in kinds
        for fact in await complaints.told(kind)
        if getattr(fact, "penalty_id", None) == penalty.id
    ]
