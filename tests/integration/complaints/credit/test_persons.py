"""Who is responsible beside an enterprise: named, told, heard, published, and taken out alone."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Sequence
from typing import Any

import pytest_asyncio
import time_machine

from services.complaints.credit.documents import Listing
from services.complaints.terms.remedies import remedies
from shared import clock
from shared.contracts.complaints import CreditNotified, EnterpriseListed
from shared.policy.calendar import add_working_days, months_after, shanghai_date
from shared.policy.parameters import parameters
from shared.storage.audit import AuditEntry
from shared.storage.client import collection_of
from shared.storage.reencryption import encrypted_fields
from tests.harness import Harness, bearer
from tests.integration.complaints.credit.test_credit import OWED, UNKNOWN, do, proposed
from tests.integration.complaints.directives.orders import HERE, Officers, served
from tests.integration.erased import remains
from tests.unit.identity.numbers import make, make_uscc

YES = {"yes": True, "text": "符合条件"}
HEAD = {
    "role": "legal_representative", "name": "赵测试", "id_number": make("510603", dt.date(1970, 3, 5), 11),
    "position": "董事长",
}  # fmt: skip
DIRECT = {
    "role": "direct",
    "name": "钱测试",
    "id_number": make("510681", dt.date(1980, 2, 29), 22),
    "position": "财务经理",
}


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def officers(complaints: Harness) -> Officers:
    return await Officers.on_register()


def later(days: int) -> time_machine.travel:
    return time_machine.travel(clock.now() + dt.timedelta(days=days), tick=True)


def day() -> str:
    return str(shanghai_date(clock.now()))


class Named:
    """A proposed listing with a head and a person who is directly responsible."""

    def __init__(self, complaints: Harness, officers: Officers, uscc: str, listing_id: str) -> None:
        self.complaints, self.officers, self.uscc, self.id = complaints, officers, uscc, listing_id
        self.head, self.direct = "", ""

    async def do(self, step: str, by: dict[str, str], body: Any = None) -> int:
        return await do(self.complaints, self.id, step, by, body)

    async def name(self, person: dict[str, str]) -> int:
        return await self.do("responsible-persons", self.officers.first, person)

    async def of(self, person: str, step: str, by: dict[str, str], body: Any) -> int:
        return await self.do(f"responsible-persons/{person}/{step}", by, body)

    async def read(self, by: dict[str, str]) -> dict[str, Any]:
        answer = await self.complaints.http.get(f"/v1/credit-listings/{self.id}", headers=by)
        shown: dict[str, Any] = answer.json()
        return shown

    async def in_full(self, person: str, by: dict[str, str]) -> dict[str, Any]:
        path = f"/v1/credit-listings/{self.id}/responsible-persons/{person}"
        shown: dict[str, Any] = (await self.complaints.http.get(path, headers=by)).json()
        return shown

    async def public(self) -> dict[str, Any] | None:
        page = await self.complaints.http.get("/v1/public-credit-listings", params={"limit": "500"})
        return next((one for one in page.json()["items"] if one["enterprise"] == self.uscc), None)

    async def serve(self, *persons: str) -> None:
        """Serve the decision on persons."""
        for person in persons:
            assert await self.of(person, "service", self.officers.first, {"on": day(), "by": "留置送达"}) == 200

    async def tell(self) -> None:
        """Tell the enterprise and both persons."""
        assert await self.do("notice", self.officers.first) == 200
        for person in filter(None, (self.head, self.direct)):
            assert await self.of(person, "notice", self.officers.first, {"on": day(), "by": "直接送达"}) == 200


async def named(
    complaints: Harness, officers: Officers, organisation: str, persons: Sequence[dict[str, str]] = (HEAD, DIRECT)
) -> Named:
    """After the order was breached."""
    uscc = make_uscc(organisation)
    order = await served(complaints, officers, uscc, owed=OWED)
    with later(25):
        await complaints.settled()
        status, listing_id = await proposed(complaints, officers, order)
        assert status == 201
        one = Named(complaints, officers, uscc, listing_id)
        for person in persons:
            assert await one.name(person) == 200
        ids = {person["role"]: person["person_id"] for person in (await one.read(officers.first))["persons"]}
        one.head, one.direct = ids.get("legal_representative", ""), ids["direct"]
        return one


async def test_persons_are_heard_and_listed_with_the_enterprise(complaints: Harness, officers: Officers) -> None:
    one = await named(complaints, officers, "DE0000001")
    speak = {"text": "已离职", "on": day()}
    with later(26):
        for wrong, status in (
            (HEAD, 409),
            (DIRECT | {"role": "principal"}, 409),
            (DIRECT | {"id_number": "510681198002290000"}, 422),
            (DIRECT, 409),
        ):
            assert await one.name(wrong) == status
        assert await one.of(one.direct, "notice", officers.first, {"on": day(), "by": "直接送达"}) == 409
        assert await one.do("notice", officers.first) == 200
        assert await one.name(DIRECT | {"id_number": make("510681", dt.date(1980, 2, 29), 24)}) == 409
        assert await one.of(one.direct, "statement", officers.first, speak) == 422
    with later(60):
        assert await one.do("decision", officers.second, YES) == 409, "nobody was told"
        for person in (one.head, one.direct):
            assert await one.of(person, "notice", officers.first, {"on": day(), "by": "直接送达"}) == 200
        until = add_working_days(shanghai_date(clock.now()), 5).due
        persons = (await one.read(officers.second))["persons"]
        assert [person["speak_until"] for person in persons] == [str(until)] * 2
        assert (persons[1]["name"], persons[1]["id_number"][4:14]) == ("钱**", "*" * 10)
        asked = {"text": "已离职，请求听证", "on": day(), "hearing": True}
        assert await one.of(one.direct, "statement", officers.first, asked) == 200
        assert await one.do("hearing", officers.second, {"text": "听证笔录"}) == 409
        assert await one.do("decision", officers.second, YES) == 409
    with later(80):
        late = {"text": "补充", "on": day()}
        assert await one.of(one.head, "statement", officers.first, late) == 409
        assert await one.do("decision", officers.second, YES) == 409, "the hearing is not held"
        assert await one.do("hearing", officers.second, {"text": "听证笔录"}) == 200
        assert await one.public() is None
        assert await one.of(one.head, "service", officers.first, {"on": day(), "by": "直接送达"}) == 409
        assert await one.do("decision", officers.second, YES) == 200
        shown = await one.public()
        assert shown is not None
        assert (shown["representative"], shown["persons"]) == (None, []), "nobody was served"
        await one.serve(one.head, one.direct)
        shown = await one.public()
        assert shown is not None
        assert shown["representative"] == "赵测试"
        assert [(person["role"], person["name"]) for person in shown["persons"]] == [
            ("legal_representative", "赵测试"),
            ("direct", "钱测试"),
        ]
        assert {*shown["persons"][1]} == {"role", "name", "id_number"}
        assert shown["persons"][1]["id_number"] == DIRECT["id_number"][:4] + "*" * 10 + DIRECT["id_number"][-4:]
        assert shown["until"] == str(months_after(shanghai_date(clock.now()), 36))
        in_full = await one.in_full(one.direct, officers.second)
        assert (in_full["id_number"], in_full["statement"]) == (DIRECT["id_number"], "已离职，请求听证")
        assert await AuditEntry.find({"about": one.direct, "action": "credit.person_read"}).count() == 1
        assert (in_full["served"], in_full["decision_served"]) == ("直接送达", "留置送达")
        enterprise = await one.read(bearer("platform", uscc=one.uscc))
        assert "请求听证" not in str(enterprise)
        told = [*await complaints.told(CreditNotified), *await complaints.told(EnterpriseListed)]
        assert not [fact for fact in told if "测试" in str(fact) or str(DIRECT["id_number"]) in str(fact)]
        kept = await collection_of(Listing).find_one({"_id": one.id})
        assert not any(
            text in str(kept) for text in ("钱测试", DIRECT["id_number"], "财务经理", "离职", "直接送达", "留置送达")
        )
        found = await remains(complaints, [], [str(DIRECT["id_number"])])
        assert {what for what in found if what[1] == "clear"} == set()
        assert ("credit_listings", "texts") in found
        assert ("persons", "id_number") in {field.path for field in encrypted_fields(Listing)}


async def test_service_begins_each_persons_own_terms(complaints: Harness, officers: Officers) -> None:
    """And everybody reads of a person from then on, and not before (行政复议法 art. 20; 行政诉讼法 art. 46)."""
    one = await named(complaints, officers, "DE0000005")
    with later(26):
        await one.tell()
    with later(60):
        assert await one.do("decision", officers.second, YES | UNKNOWN) == 422, "a head is named"
        assert await one.do("decision", officers.second, YES) == 200
        listed_on = day()
    with later(62):
        await one.serve(one.direct)
        for on in (listed_on, day()):
            again = {"on": on, "by": "直接送达"}
            assert await one.of(one.direct, "service", officers.first, again) == 409
        for on in (str(shanghai_date(clock.now()) + dt.timedelta(1)), "2020-01-01"):
            assert await one.of(one.head, "service", officers.first, {"on": on, "by": "直接送达"}) == 422
        shown = await one.public()
        assert shown is not None
        assert (shown["representative"], [person["name"] for person in shown["persons"]]) == (None, ["钱测试"])
        head, direct = (await one.read(officers.second))["persons"]
        own = remedies(shanghai_date(clock.now()), parameters.on(shanghai_date(clock.now()), place=HERE))
        terms = ("decision_served_on", "review_by", "sue_by")
        assert [direct[name] for name in terms] == [day(), str(own.review_by), str(own.sue_by)]
        assert [head[name] for name in terms] == [None] * 3
        assert await AuditEntry.find({"about": one.direct, "action": "credit.person_served"}).count() == 1
    with later(70):
        await one.serve(one.head)
        shown = await one.public()
        assert shown is not None
        assert (shown["representative"], len(shown["persons"])) == ("赵测试", 2)
        head, direct = (await one.read(officers.second))["persons"]
        assert head["decision_served_on"] > direct["decision_served_on"]
        own = remedies(shanghai_date(clock.now()), parameters.on(shanghai_date(clock.now()), place=HERE))
        assert [head[name] for name in terms] == [day(), str(own.review_by), str(own.sue_by)]


async def test_two_at_once_name_one_head_and_serve_once(complaints: Harness, officers: Officers) -> None:
    one = await named(complaints, officers, "DE0000006", persons=[DIRECT])
    other = HEAD | {"role": "principal", "id_number": make("510603", dt.date(1971, 3, 5), 12)}
    with later(25):
        answers = await asyncio.gather(*(one.name(head) for head in (HEAD, other)))
        assert sorted(answers) in ([200, 409], [200, 412])
        [head] = [person for person in (await one.read(officers.first))["persons"] if person["role"] != "direct"]
        one.head = head["person_id"]
    with later(26):
        await one.tell()
    with later(60):
        assert await one.do("decision", officers.second, YES) == 200
        ways = [{"on": day(), "by": by} for by in ("直接送达", "邮寄送达")]
        answers = await asyncio.gather(*(one.of(one.head, "service", officers.first, way) for way in ways))
        assert sorted(answers) in ([200, 409], [200, 412])
        assert await AuditEntry.find({"about": one.head, "action": "credit.person_served"}).count() == 1


async def test_nobody_who_owes_wages_is_listed_without_a_head(complaints: Harness, officers: Officers) -> None:
    """Or the decision says why none can be named (保障农民工工资支付条例 art. 48)."""
    one = await named(complaints, officers, "DE0000007", persons=[DIRECT])
    with later(26):
        await one.tell()
    with later(60):
        assert await one.do("decision", officers.second, YES) == 409
        assert (await one.read(officers.second))["state"] == "notified"
        assert await one.do("decision", officers.second, YES | UNKNOWN) == 200
        await one.serve(one.direct)
        for who in (officers.second, bearer("platform", uscc=one.uscc)):
            assert (await one.read(who))["no_head"] == UNKNOWN["no_head"]
        shown = await one.public()
        assert shown is not None
        assert (shown["representative"], [person["role"] for person in shown["persons"]]) == (None, ["direct"])
        kept = await collection_of(Listing).find_one({"_id": one.id})
        assert UNKNOWN["no_head"] not in str(kept)


async def test_one_who_was_named_wrongly_is_taken_out_alone(complaints: Harness, officers: Officers) -> None:
    one = await named(complaints, officers, "DE0000002")
    wrong, gone = {"text": "同名同姓，身份有误"}, {"text": "法定代表人已变更", "representative": "孙测试"}
    with later(26):
        await one.tell()
    with later(60):
        assert await one.do("decision", officers.second, YES) == 200
        await one.serve(one.head, one.direct)
        assert await one.of(one.direct, "removal", officers.second, wrong) == 409
        assert await one.of(one.direct, "removal", officers.first, wrong) == 200
        assert await one.of(one.direct, "removal", officers.first, wrong) == 409
        shown = await one.public()
        assert shown is not None
        assert [person["name"] for person in shown["persons"]] == ["赵测试"]
        assert await one.of(one.head, "removal", officers.first, wrong) == 422
        assert await one.of(one.head, "removal", officers.first, gone) == 200
        shown = await one.public()
        assert shown is not None
        assert (shown["representative"], shown["persons"]) == ("孙测试", [])
        assert "赵测试" not in str(shown)
        [entry] = await AuditEntry.find({"about": one.direct, "action": "credit.person_removed"}).to_list()
        assert (entry.by, entry.clear_detail) == ("d-first", wrong["text"])
        assert (await one.in_full(one.direct, officers.second))["removal"] == wrong["text"]


async def test_one_taken_out_before_is_not_waited_for(complaints: Harness, officers: Officers) -> None:
    one = await named(complaints, officers, "DE0000003")
    with later(26):
        assert await one.do("notice", officers.first) == 200
        assert await one.of(one.head, "notice", officers.first, {"on": day(), "by": "直接送达"}) == 200
    with later(60):
        assert await one.do("decision", officers.second, YES) == 409
        assert await one.of(one.direct, "removal", officers.first, {"text": "身份有误"}) == 409
        assert await one.of(one.direct, "removal", officers.second, {"text": "身份有误"}) == 200
        assert await one.of(one.direct, "notice", officers.first, {"on": day(), "by": "直接送达"}) == 404
        assert await one.do("decision", officers.second, YES) == 200
        # once the enterprise is off the list, so are its people
        assert await one.do("revocation", officers.first, {"text": "列入有误"}) == 200
        assert await one.public() is None
        assert (
            await one.of(one.head, "removal", officers.first, {"text": "身份有误", "representative": "赵测试"}) == 409
        )
