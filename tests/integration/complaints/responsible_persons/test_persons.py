"""Those who are responsible are fined beside their enterprise (社会保险法 art. 84), and nobody reads who they are."""

from __future__ import annotations

import asyncio
import datetime as dt
from typing import Any

import time_machine

from services.complaints.directives.documents import Directive
from shared import clock
from shared.contracts import catalogue
from shared.policy.calendar import shanghai_date
from shared.storage.transaction import transact
from tests.harness import Harness
from tests.integration.at_rest import holding
from tests.integration.complaints.penalties.course import HERE, LETTER, Course, filed, later, meant, officer, today
from tests.unit.identity.numbers import make, make_uscc

NAME, NUMBER = "欧阳试样", "510623199001010015"
PERSON = {"responsibility": "in_charge", "name": NAME, "id_number": NUMBER, "position": "人事经理"}
NAMED = LETTER | {"party": NAME}
CHARGES = [{"ground": "registration", "sum": "10000.00"}]


async def breached(uscc: str) -> str:
    """An order to register that was not met; its id."""
    directive = Directive(
        id=f"o-{uscc}", number="德责改9", origin="own", origin_id=None, root=f"directive:o-{uscc}", enterprise=uscc,
        violation="social_insurance", department="hrss", district=HERE, demands=[], days=7, issued_by="p-first",
        state="unmet", served_on=shanghai_date(clock.now()), used=[],
    )  # fmt: skip
    await transact(directive.put)
    return directive.id


async def on_enterprise(complaints: Harness, uscc: str) -> Course:
    penalty = await filed(
        complaints, uscc, origin="directive", origin_id=await breached(uscc), violation="social_insurance",
        grounds=["registration"],
    )  # fmt: skip
    await penalty.investigated(charges=CHARGES)
    await penalty.notified("10000.00")
    await penalty.done("waiver", "enterprise")
    return penalty


async def beside(penalty: Course, **changes: Any) -> tuple[int, dict[str, Any]]:
    headers = penalty.complaints.headers("officer", department="hrss", district=HERE) | officer("p-first")
    path = f"/v1/penalties/{penalty.id}/responsible-persons"
    answer = await penalty.complaints.http.post(path, json=PERSON | changes, headers=headers)
    return answer.status_code, dict(answer.json())


async def on_person(penalty: Course) -> Course:
    status, shown = await beside(penalty)
    assert status == 201, shown
    return Course(penalty.complaints, shown)


async def told_of(person: Course, **changes: Any) -> None:
    await person.investigated(charges=[{"ground": "registration"}])
    notice = meant("1000.00") | {"by": "直接送达"}
    assert await person.do("notice", "p-first", notice | {"fine": "3000.01"}) == (422, "fine-range")
    assert await person.do("notice", "p-first", notice | {"fine": "499.99"}) == (422, "fine-range")
    assert await person.do("notice", "p-first", notice | {"warning": True}) == (422, "no-warning")
    await person.done("notice", "p-first", notice | changes)


def said(what: str, on: str | None = None) -> dict[str, str]:
    return {"what": what, "text": "登记由他人负责", "on": on or today()}


async def test_a_person_is_fined_beside_the_enterprise(complaints: Harness) -> None:
    penalty = await on_enterprise(complaints, make_uscc("PP0000001"))
    person = await on_person(penalty)
    assert (await beside(penalty))[1]["type"] == "/problems/one-act"
    assert (await beside(penalty, id_number="510623199001010014"))[1]["type"] == "/problems/id-number"
    await told_of(person)
    assert person.shown["notice"]["hearing_due"]
    assert await person.do("said", "p-first", said("statement", "2020-01-01")) == (422, "said-day")
    await person.done("said", "p-first", said("statement"))
    await person.done("said", "p-first", said("hearing"))
    day = shanghai_date(clock.now()) + dt.timedelta(days=14)
    await person.done("hearing-day", "p-third", {"on": str(day), "place": "会议室"})
    with time_machine.travel(later(days=14), tick=True):
        await person.done("hearing", "p-third", {"text": "笔录", "appeared": True, "signed": True})
        await penalty.done("decision", "p-fourth", meant("10000.00"))
        decision = meant("800.00", answer="已复核，不予采纳", letter=NAMED)
        assert await person.do("decision", "p-fourth", decision) == (409, "not-reviewed")
        await person.done("review", "p-third", {"passed": True, "text": "合法"})
        await person.done("decision", "p-fourth", decision)
        await person.done("service", "p-first", {"on": today(), "by": "直接送达"})
        await person.done("said", "p-first", said("deferral"))
        await person.done("deferral", "p-third", {"yes": False, "text": "不予同意"})
    with time_machine.travel(later(days=40), tick=True):
        await complaints.settled()
        await person.done("reminder", "p-first", {"by": "邮寄"})
        owed = person.shown["debt"]["owed"]
        await person.done("payments", "p-first", {"amount": owed, "on": today(), "receipt": "PP-1"})
    assert person.shown["state"] == "fulfilled"
    for kind in catalogue.values():
        assert not [one for one in await complaints.told(kind) if getattr(one, "penalty_id", "") == person.id]


async def test_two_at_once_file_one_person_once(complaints: Harness) -> None:
    penalty = await on_enterprise(complaints, make_uscc("PP0000006"))
    answers = await asyncio.gather(*(beside(penalty, position=position) for position in ("人事经理", "经理")))
    assert sorted((status, shown.get("type")) for status, shown in answers if status != 201) == [
        (409, "/problems/one-act")
    ]
    path = f"/v1/penalties/{penalty.id}/responsible-persons"
    listed = (await complaints.http.get(path, headers=officer("p-first"))).json()["items"]
    assert [one["penalty_id"] for one in listed] == [shown["penalty_id"] for status, shown in answers if status == 201]


async def test_the_enterprise_is_decided_on_first(complaints: Harness) -> None:
    penalty = await on_enterprise(complaints, make_uscc("PP0000002"))
    person = await on_person(penalty)
    await told_of(person)
    await person.done("said", "p-first", said("waiver"))
    assert await person.do("decision", "p-fourth", meant("1000.00")) == (409, "enterprise-first")
    await penalty.done("closing", "p-fourth", {"how": "drop", "text": "违法事实不能成立"})
    assert await person.do("decision", "p-fourth", meant("1000.00")) == (409, "enterprise-first")
    refused = (await beside(penalty, id_number="510623199001010031"))[1]["type"]
    assert refused == "/problems/no-penalty-beside"
    await person.done("closing", "p-fourth", {"how": "drop", "text": "违法事实不能成立"})


async def test_no_court_is_asked_once_the_enterprises_is_annulled(complaints: Harness) -> None:
    penalty = await on_enterprise(complaints, make_uscc("PP0000005"))
    await penalty.done("decision", "p-fourth", meant("10000.00"))
    await penalty.done("service", "p-first", {"on": today(), "by": "直接送达"})
    person = await on_person(penalty)
    await told_of(person)
    await person.done("said", "p-first", said("waiver"))
    await person.done("decision", "p-fourth", meant("1000.00", letter=NAMED))
    await person.done("service", "p-first", {"on": today(), "by": "直接送达"})
    await penalty.done("annulment", "p-third", {"text": "程序违法"})
    with time_machine.travel(later(days=200), tick=True):
        for _ in range(2):
            await complaints.settled()
        await person.done("reminder", "p-first", {"by": "邮寄"})
    with time_machine.travel(later(days=230), tick=True):
        assert await person.do("court-application", "p-first") == (409, "enterprise-first")
        await person.done("annulment", "p-third", {"text": "对单位的处罚已撤销"})


async def test_nobody_reads_who_a_person_is(complaints: Harness) -> None:
    penalty = await on_enterprise(complaints, make_uscc("PP0000003"))
    person = await on_person(penalty)
    await told_of(person)
    assert (person.shown["person"]["name"], NUMBER in str(person.shown)) != (NAME, True)
    assert NAME not in str(person.shown)
    http, path = complaints.http, f"/v1/penalties/{person.id}"
    for what in ("letter", "shown-evidence", "evidence"):
        assert (await http.get(f"{path}/{what}", headers=person.enterprise)).status_code == 404
    told = (await http.get("/v1/penalties/told", headers=person.enterprise)).json()["items"]
    assert [one["penalty_id"] for one in told] == [penalty.id]
    assert (await http.get(f"{path}/person", headers=person.enterprise)).status_code == 403
    full = (await http.get(f"{path}/person", headers=officer("p-first"))).json()
    assert (full["name"], full["id_number"]) == (NAME, NUMBER)
    beside_ = (await http.get(f"/v1/penalties/{penalty.id}/responsible-persons", headers=officer("p-first"))).json()
    assert [one["penalty_id"] for one in beside_["items"]] == [person.id]
    assert await holding(NAME) == []
    assert await holding(NUMBER) == []
    await penalty.done("decision", "p-fourth", meant("10000.00"))
    await penalty.done("service", "p-first", {"on": today(), "by": "直接送达"})
    assert await penalty.do("publication", "p-third", {"text": f"{NAME}未办理登记"}) == (409, "confidential")
    await person.done("said", "p-first", said("waiver"))
    await person.done("decision", "p-fourth", meant("1000.00", letter=NAMED))
    await person.done("service", "p-first", {"on": today(), "by": "直接送达"})
    assert await person.do("publication", "p-third", {"text": "未办理登记"}) == (409, "person-not-published")
    assert await penalty.do("said", "p-first", said("deferral")) == (409, "enterprise-speaks")
    public = (await http.get("/v1/public-penalties?limit=500")).json()["items"]
    assert person.id not in [one["penalty_id"] for one in public]


async def test_other_grounds_fine_no_person(complaints: Harness) -> None:
    penalty = await filed(complaints, make_uscc("PP0000004"))
    assert (await beside(penalty))[1]["type"] == "/problems/no-penalty-for-persons"


async def test_who_was_not_of_age_is_punished_more_lightly(complaints: Harness) -> None:
    """行政处罚法 art. 30: who had turned fourteen and not eighteen."""
    penalty = await on_enterprise(complaints, make_uscc("PP00000A1"))
    year = shanghai_date(clock.now()).year - 16
    status, shown = await beside(penalty, id_number=make("510623", dt.date(year, 1, 1), 1))
    assert status == 201, shown
    person = Course(complaints, shown)
    await person.investigated(charges=[{"ground": "registration"}])
    notice = meant("600.00") | {"by": "直接送达"}
    assert await person.do("notice", "p-first", notice) == (422, "minor")
    await person.done("notice", "p-first", notice | {"mitigation": ["minor"], "fine": "300.00"})
