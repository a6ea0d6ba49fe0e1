"""From a demand for consultation to its end."""

from __future__ import annotations

import datetime as dt

import pytest
import pytest_asyncio

from services.registry.app import service
from services.registry.consultations import commands as consultations
from services.registry.consultations.documents import Consultation
from services.registry.unions.documents import Union
from shared.contracts.registry import (
    ConsultationAnswered,
    ConsultationAnswerNear,
    ConsultationAnswerOverdue,
    ConsultationClosed,
    ConsultationOpened,
)
from shared.policy.calendar import add_days, end_of_day, shanghai_date, share_passed, start_of_day
from shared.storage.client import collection_of
from shared.storage.transaction import transact
from tests.harness import Harness, bearer, eventually
from tests.integration.registry.table import Table, found_unions, today
from tests.integration.years import before_2027, forget_watches, publish_2027
from tests.unit.identity.numbers import make_uscc


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def founded(registry: Harness) -> None:
    await found_unions(registry)


@pytest.fixture
def table(registry: Harness, founded: None) -> Table:
    return Table(registry)


async def test_a_demand_names_its_subjects_and_the_day_for_an_answer(table: Table, registry: Harness) -> None:
    asked = await table.demand()
    assert (asked["state"], asked["overdue"]) == ("asked", False)
    assert asked["answer_by"] == add_days(today(), 20).due.isoformat()
    assert {"code": "algorithms", "name": "平台算法"} in asked["subjects"]
    [told] = [fact for fact in await registry.told(ConsultationOpened) if fact.platforms == (table.platform,)]
    assert (told.consultation_id, told.subjects) == (asked["consultation_id"], ("algorithms", "pay"))
    assert (told.side, told.unions) == ("union", ())  # the union that asks need not be told


async def test_unions_of_the_scope_are_told_what_others_do(table: Table, registry: Harness) -> None:
    """An officer puts the representatives' demand down; the enterprise answers it."""
    body = {
        "level": "enterprise",
        "side": "representatives",
        "workers_side": "劳动者代表",
        "platforms": [table.platform],
    }
    asked = await table.send(
        table.registry.officer,
        "POST",
        "/consultations",
        body | {"district": "510681", "subjects": ["pay"], "demand": "协商计件单价"},
        status=201,
    )
    path = f"/consultations/{asked['consultation_id']}/answers"
    no = {"takes_part": False, "text": "暂不协商"}
    await table.send(table.enterprise, "POST", path, no, seen=asked["etag"])
    both = tuple(sorted(Union.id_of(f"{name}总工会") for name in ("city", "guanghan")))
    [opened] = [fact for fact in await registry.told(ConsultationOpened) if fact.platforms == (table.platform,)]
    assert (opened.side, opened.unions) == ("representatives", both)
    [answered] = [fact for fact in await registry.told(ConsultationAnswered) if fact.platforms == (table.platform,)]
    assert (answered.platform, answered.takes_part, answered.unions) == (table.platform, False, both)


async def test_the_level_must_fit_the_parties(table: Table) -> None:
    body = {
        "side": "union",
        "workers_side": "某工会",
        "district": "510603",
        "subjects": ["pay"],
        "demand": "协商",
    }
    for wrong in (
        {"level": "enterprise"},
        {"level": "industry"},
        {"level": "industry", "industry": "freight", "platforms": [table.platform]},
        {"level": "region", "industry": "freight"},
    ):
        answer = await table.send(table.union, "POST", "/consultations", body | wrong, status=422)
        assert answer["type"] == "/problems/level-and-parties"


async def test_only_the_enterprise_asked_answers_and_may_reconsider(table: Table) -> None:
    asked = await table.demand()
    path = f"/consultations/{asked['consultation_id']}/answers"
    no, yes = {"takes_part": False, "text": "暂不协商"}, {"takes_part": True, "text": "同意"}
    other = bearer("platform", uscc=make_uscc("MA0009999"))
    for who in (other, table.union, table.registry.officer, bearer("worker", worker_id="w")):
        await table.send(who, "POST", path, yes, seen=asked["etag"], status=403)
    refused = await table.send(table.enterprise, "POST", path, no, seen=asked["etag"])
    assert refused["state"] == "refused"
    again = await table.send(table.enterprise, "POST", path, yes, seen=refused["etag"])
    assert (again["state"], len(again["answers"])) == ("talking", 1)
    await table.send(table.enterprise, "POST", path, yes, seen=refused["etag"], status=412)


async def test_of_two_enterprises_one_refusal_does_not_end_the_demand(table: Table) -> None:
    second = Table(table.registry)
    asked = await table.demand(platforms=[table.platform, second.platform])
    path, no = f"/consultations/{asked['consultation_id']}/answers", {"takes_part": False, "text": "不"}
    once = await table.send(table.enterprise, "POST", path, no, seen=asked["etag"])
    assert once["state"] == "asked"
    twice = await table.send(second.enterprise, "POST", path, no, seen=once["etag"])
    assert twice["state"] == "refused"


async def test_nobody_answered_in_time(table: Table, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = await table.demand()
    later = dt.datetime.now(dt.UTC) + dt.timedelta(days=40)
    assert (await table.read(f"/consultations?overdue=true&platform={table.platform}"))["items"] == []
    monkeypatch.setattr("shared.clock.now", lambda: later)
    [late] = (await table.read(f"/consultations?overdue=true&platform={table.platform}"))["items"]
    assert (late["consultation_id"], late["overdue"]) == (asked["consultation_id"], True)


async def test_both_sides_note_offers_and_minutes_close_it_for_good(table: Table, registry: Harness) -> None:
    asked = await table.demand()
    notes = f"/consultations/{asked['consultation_id']}/notes"
    await table.send(table.union, "POST", notes, {"text": "提议每单8元"}, status=409)  # nobody has answered yet
    talks = await table.send(
        table.enterprise,
        "POST",
        f"/consultations/{asked['consultation_id']}/answers",
        {"takes_part": True, "text": "同意"},
        seen=asked["etag"],
    )
    assert talks["state"] == "talking"
    await table.send(table.union, "POST", notes, {"text": "提议每单8元"}, status=201)
    noted = await table.send(table.enterprise, "POST", notes, {"text": "可以7.5元"}, status=201)
    assert [note["text"] for note in noted["notes"]] == ["提议每单8元", "可以7.5元"]
    closing = f"/consultations/{asked['consultation_id']}/closing"
    body = {"outcome": "minutes", "summary": "形成会议纪要"}
    await table.send(table.enterprise, "POST", closing, body, seen=noted["etag"], status=403)
    closed = await table.send(table.union, "POST", closing, body, seen=noted["etag"])
    assert (closed["state"], closed["outcome"]) == ("closed", "minutes")
    await table.send(table.union, "POST", closing, body, seen=closed["etag"], status=409)
    [told] = [fact for fact in await registry.told(ConsultationClosed) if fact.platforms == (table.platform,)]
    assert (told.outcome, told.contract_id) == ("minutes", None)


async def test_what_both_sides_wrote_is_stored_encrypted(table: Table) -> None:
    talks = await table.talking()
    path = f"/consultations/{talks['consultation_id']}"
    noted = await table.send(table.union, "POST", f"{path}/notes", {"text": "提议每单8元"}, status=201)
    body = {"outcome": "minutes", "summary": "形成会议纪要"}
    await table.send(table.union, "POST", f"{path}/closing", body, seen=noted["etag"])
    shown = await table.read(path)
    texts = [shown["demand"], shown["answers"][0]["text"], shown["notes"][0]["text"], shown["summary"]]
    assert texts == ["就计件单价与平台算法开展集体协商", "同意协商", "提议每单8元", "形成会议纪要"]
    [listed] = (await table.read(f"/consultations?platform={table.platform}"))["items"]
    assert [listed["demand"], listed["summary"]] == [texts[0], texts[3]]
    row = await collection_of(Consultation).find_one({"_id": talks["consultation_id"]})
    assert row is not None
    assert not [text for text in texts if text in str(row)]


async def test_who_sees_consultations(table: Table) -> None:
    await table.demand()
    path = f"/consultations?platform={table.platform}"
    other = bearer("platform", uscc=make_uscc("MA0009998"))
    elsewhere = bearer("officer", department="hrss", district="510681")
    stranger, not_there = bearer("union", name="of nobody"), bearer("union", name="guanghan")
    for who, count in (
        (table.enterprise, 1),
        (table.union, 1),
        (other, 0),
        (elsewhere, 0),
        (stranger, 0),
        (not_there, 0),
    ):
        assert len((await table.read(path, who))["items"]) == count
    worker = bearer("worker", worker_id="w")
    assert (await table.registry.http.get(f"/v1{path}", headers=worker)).status_code == 403


async def test_each_side_puts_down_only_so_many_notes(table: Table, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("services.registry.consultations.rules.MOST_NOTES", 2)
    talks = await table.talking()
    path, body = f"/consultations/{talks['consultation_id']}/notes", {"text": "提议每单8元"}
    for status in (201, 201, 409):
        await table.send(table.union, "POST", path, body, status=status)
    noted = await table.send(table.enterprise, "POST", path, body, status=201)
    assert len(noted["notes"]) == 3


async def test_whoever_has_a_token_reads_what_is_to_be_consulted_on(table: Table) -> None:
    shown = (await table.demand())["subjects"]
    for caller in (table.union, table.enterprise, bearer("worker", worker_id="w"), table.registry.officer):
        answer = await table.registry.http.get("/v1/consultation-subjects", headers=caller)
        assert answer.status_code == 200
        assert all(subject in answer.json() for subject in shown)


@pytest.mark.parametrize("watched", [True, False], ids=["watched", "stored before"])
async def test_a_published_year_moves_the_day_for_an_answer(
    table: Table, monkeypatch: pytest.MonkeyPatch, watched: bool
) -> None:
    """Twenty days after 28 December are a Sunday, which moves to the Monday, and beyond it where that is off. Also where nothing
    watched it."""
    with before_2027():
        asked = await table.demand()
        assert asked["answer_by"] == "2027-01-18"
        if not watched:
            await forget_watches(consultations.CALENDAR.name)
        await publish_2027(monkeypatch, dt.date(2027, 1, 18), stored=[] if watched else service.deadlines)

        async def moved() -> bool:
            kept = await Consultation.of(asked["consultation_id"])
            return kept is not None and kept.answer_by == dt.date(2027, 1, 19)

        await eventually(moved)


async def test_the_day_for_an_answer_moves_back_too(table: Table, monkeypatch: pytest.MonkeyPatch) -> None:
    """Set to the Tuesday for a Monday off that is none after all: twenty days from the demand end on the Monday again."""
    with before_2027():
        asked = await table.demand()
        await forget_watches(consultations.CALENDAR.name)
        kept = await Consultation.of(asked["consultation_id"])
        assert kept is not None
        kept.answer_by = dt.date(2027, 1, 19)
        await transact(kept.put)
        await publish_2027(monkeypatch, stored=service.deadlines)

        async def moved() -> bool:
            found = await Consultation.of(asked["consultation_id"])
            return found is not None and found.answer_by == dt.date(2027, 1, 18)

        await eventually(moved)


async def test_the_day_moves_for_who_has_not_answered_yet(table: Table, monkeypatch: pytest.MonkeyPatch) -> None:
    with before_2027():
        asked = await table.demand(platforms=[table.platform, make_uscc("MA8888802")])
        path, yes = f"/consultations/{asked['consultation_id']}/answers", {"takes_part": True, "text": "同意协商"}
        await table.send(table.enterprise, "POST", path, yes, seen=asked["etag"])
        await publish_2027(monkeypatch, dt.date(2027, 1, 18))

        async def moved() -> bool:
            kept = await Consultation.of(asked["consultation_id"])
            return kept is not None and kept.answer_by == dt.date(2027, 1, 19)

        await eventually(moved)


async def test_who_does_not_answer_in_time_is_told_so(
    table: Table, registry: Harness, monkeypatch: pytest.MonkeyPatch
) -> None:
    """集体合同规定 art. 32: within twenty days, in writing."""
    silent = make_uscc("MA8888801")
    asked = await table.demand(platforms=[table.platform, silent])
    answered = await table.talking()
    yes = {"takes_part": True, "text": "同意协商"}
    path = f"/consultations/{asked['consultation_id']}/answers"
    await table.send(table.enterprise, "POST", path, yes, seen=asked["etag"])
    last = dt.date.fromisoformat(asked["answer_by"])

    async def overdue() -> list[ConsultationAnswerOverdue]:
        told = await registry.told(ConsultationAnswerOverdue)
        return [fact for fact in told if fact.consultation_id == asked["consultation_id"]]

    assert await overdue() == []
    with monkeypatch.context() as patch:
        patch.setattr("shared.clock.now", lambda: end_of_day(last))
        [told] = await eventually(overdue)
        await transact(lambda tx: consultations.answer_overdue(answered["consultation_id"], tx))
    assert (told.unanswered, told.answer_by) == ((silent,), last)
    assert told.unions == (Union.id_of("city总工会"),)
    late = {fact.consultation_id for fact in await registry.told(ConsultationAnswerOverdue)}
    assert answered["consultation_id"] not in late


async def test_who_owes_an_answer_hears_before_its_last_day(
    table: Table, registry: Harness, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Once most of the working days have passed (terms.warn_percent); not who has answered."""
    silent = make_uscc("MA8888803")
    asked = await table.demand(platforms=[table.platform, silent])
    path = f"/consultations/{asked['consultation_id']}/answers"
    await table.send(table.enterprise, "POST", path, {"takes_part": True, "text": "同意协商"}, seen=asked["etag"])
    last = dt.date.fromisoformat(asked["answer_by"])
    near = start_of_day(share_passed(today(), last, 80))
    assert today() < shanghai_date(near) < last

    async def reminded() -> list[ConsultationAnswerNear]:
        told = await registry.told(ConsultationAnswerNear)
        return [fact for fact in told if fact.consultation_id == asked["consultation_id"]]

    assert await reminded() == []
    with monkeypatch.context() as patch:
        patch.setattr("shared.clock.now", lambda: near)
        [told] = await eventually(reminded)
    assert (told.unanswered, told.answer_by) == ((silent,), last)


async def test_the_enterprises_of_a_trade_are_told_of_its_demand(table: Table, registry: Harness) -> None:
    code = make_uscc("MA8888802")
    filing = {"name": "试样", "kinds": ["platform"], "industries": ["freight"], "contact_phone": "13700000003"}
    filed = await registry.http.put(f"/v1/enterprises/{code}", json=filing, headers=registry.officer)
    assert filed.is_success, filed.text
    changes = {"level": "industry", "platforms": [], "industry": "freight"}
    asked = await table.demand(**changes)
    other = await table.demand(**changes | {"industry": "courier"})
    told = {fact.consultation_id: fact.asked for fact in await registry.told(ConsultationOpened)}
    assert code in told[asked["consultation_id"]]
    assert code not in told[other["consultation_id"]]
