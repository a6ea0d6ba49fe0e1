from __future__ import annotations

import datetime as dt
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace

import pytest
import pytest_asyncio

from services.complaints.officers.documents import Interest, Officer, encrypted_reason
from services.complaints.terms import commands
from services.complaints.terms.commands import About
from services.complaints.terms.documents import Term
from services.complaints.terms.rules import Length, Stage
from shared import clock
from shared.contracts.complaints import Category, TermEscalated, TermFact, TermMissed, TermNear
from shared.errors import Conflict
from shared.ids import new_id
from shared.policy import calendar
from shared.policy.calendar import SHANGHAI, add_working_days, shanghai_date
from shared.storage.client import collection_of, storage
from shared.storage.transaction import Transaction, transact
from tests.harness import Harness, eventually
from tests.integration.complaints.staff import on_register, subject_of
from tests.unit.identity.numbers import make_uscc

TUESDAY = dt.datetime(2026, 6, 2, 10, tzinfo=SHANGHAI)
HERE = "510683"
CIRCLE: Category = "discrimination"
BREACHED: tuple[Stage, ...] = ("missed", "chief", "city")


@pytest_asyncio.fixture(scope="module", loop_scope="session", autouse=True)
async def nothing_forgotten(complaints: Harness) -> None:
    """The clock here stands months back, and the database would remove as too old what has just been published."""
    await storage().collection("outbox").drop_index("published_at_1")


def about(matter_id: str) -> About:
    return About(kind="case", id=matter_id, number="号", department="post", district=HERE, officer="officer:one")


@pytest.fixture
def set_clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[dt.datetime], None]:
    def at(instant: dt.datetime) -> None:
        monkeypatch.setattr(clock, "now", lambda: instant.astimezone(dt.UTC))

    at(TUESDAY)
    return at


async def begun(length: int = 5, *, unit: str = "workdays") -> str:
    matter_id, today = new_id(), shanghai_date(clock.now())

    async def set_one(tx: Transaction) -> Term:
        wanted = Length(length, "workdays" if unit == "workdays" else "days")
        return await commands.set_term(
            about(matter_id), "accept", wanted, begun_on=today, rests_on="case.opened", used=(), tx=tx
        )

    await transact(set_one)
    return matter_id


async def the_term(matter_id: str) -> Term:
    term = await Term.of(f"case:{matter_id}:accept:1")
    assert term is not None
    return term


def told(complaints: Harness, matter_id: str) -> Callable[[], Awaitable[list[tuple[str, str | None]]]]:
    """What was told of a matter, in order, and to whom."""

    async def look() -> list[tuple[str, str | None]]:
        found: list[tuple[str, str | None]] = []
        kinds: tuple[type[TermFact], ...] = (TermNear, TermMissed, TermEscalated)
        for kind in kinds:
            for fact in await complaints.told(kind):
                if fact.matter_id == matter_id:
                    stage = fact.level if isinstance(fact, TermEscalated) else kind.TYPE.split(".")[4]
                    found.append((stage, fact.officer))
        return found

    return look


async def test_each_level_hears_of_a_term_once(complaints: Harness, set_clock: Callable[[dt.datetime], None]) -> None:
    await on_register("post", HERE)
    await on_register("post", "510600")
    matter_id = await begun()
    look = told(complaints, matter_id)
    expected: list[tuple[str, str | None]] = []
    for at, stage, officer in (
        ("2026-06-08T10:00", "near", "officer:one"),
        ("2026-06-10T10:00", "missed", "officer:one"),
        ("2026-06-11T10:00", "chief", subject_of("post", HERE)),
        ("2026-06-16T10:00", "city", subject_of("post", "510600")),
    ):
        set_clock(dt.datetime.fromisoformat(at).replace(tzinfo=SHANGHAI))
        expected.append((stage, officer))

        async def all_told() -> bool:
            return len(await look()) == len(expected)

        await eventually(all_told)
        await complaints.settled()
        assert await look() == expected
    assert (await the_term(matter_id)).breached_at == calendar.end_of_day(dt.date(2026, 6, 9))


async def test_no_level_above_hears_that_must_not_deal_with_it(
    complaints: Harness, set_clock: Callable[[dt.datetime], None]
) -> None:
    """Who stays away from the enterprise, or is outside the circle of the matter."""
    enterprise = make_uscc("TE0000001")
    chiefs = [await _chief(f"level-{place}") for place in range(3)]
    chiefs[0].interests = [Interest(enterprise=enterprise, reason=encrypted_reason("level-0", "亲属任职"))]
    chiefs[2].circles = ["discrimination"]
    for one in chiefs:
        await transact(one.put)

    async def heard(whose: str | None, circle: Category | None, away: Sequence[str] = ()) -> list[str | None]:
        matter = replace(about(new_id()), department="police", enterprise=whose, circle=circle, away=away)

        async def miss(tx: Transaction) -> str:
            length = Length(5, "workdays")
            term = await commands.set_term(
                matter, "accept", length, begun_on=TUESDAY.date(), rests_on="x", used=(), tx=tx
            )
            await commands._publish(term, "chief", tx)
            return term.id

        missed = await transact(miss)
        return [one.officer for one in await complaints.told(TermEscalated) if one.term_id == missed]

    assert await heard(None, None) == ["level-0"]
    assert await heard(enterprise, None) == ["level-1"]
    assert await heard(enterprise, "discrimination") == ["level-2"]
    assert await heard(None, None, away=["level-0"]) == ["level-1"]


async def _chief(subject: str) -> Officer:
    await on_register("police", HERE, subject=subject, duties=["chief"])
    found = await Officer.of(subject)
    assert found is not None
    return found


async def test_nobody_hears_of_one_breach_twice(complaints: Harness) -> None:
    """Where the chief and the city's level are one person, or the officer in charge is the chief: each level hears once."""
    for subject in ("both-1", "both-2"):
        await on_register("transport", "510600", subject=subject, duties=["chief"], circles=["discrimination"])

    async def heard(officer: str | None, district: str) -> list[tuple[str, str | None]]:
        matter = replace(about(new_id()), department="transport", officer=officer, district=district, circle=CIRCLE)

        async def miss(tx: Transaction) -> str:
            length = Length(5, "workdays")
            term = await commands.set_term(
                matter, "accept", length, begun_on=TUESDAY.date(), rests_on="x", used=(), tx=tx
            )
            for stage in BREACHED:
                await commands._publish(term, stage, tx)
            await term.put(tx)
            return term.id

        missed = await transact(miss)
        return [(one.level, one.officer) for one in await complaints.told(TermEscalated) if one.term_id == missed]

    assert await heard("both-x", "510600") == [("chief", "both-1"), ("city", "both-2")]
    assert await heard("both-1", "510600") == [("chief", "both-2"), ("city", None)]
    assert await heard("both-x", HERE) == [("chief", "both-1"), ("city", "both-2")]


async def test_nobody_hears_at_night_or_of_a_met_term(
    complaints: Harness, set_clock: Callable[[dt.datetime], None]
) -> None:
    matter_id, done = await begun(), await begun()
    met_on = shanghai_date(clock.now())
    await transact(lambda tx: commands.meet("case", done, "accept", met_on, tx))
    set_clock(dt.datetime(2026, 6, 8, 20, tzinfo=SHANGHAI))
    term = await the_term(matter_id)
    await transact(lambda tx: commands.tell(term.id, tx))
    assert await told(complaints, matter_id)() == []
    set_clock(dt.datetime(2026, 6, 30, 11, tzinfo=SHANGHAI))

    async def missed() -> bool:
        return ("missed", "officer:one") in await told(complaints, matter_id)()

    await eventually(missed)
    await complaints.settled()
    assert await told(complaints, done)() == []
    assert "near" not in dict(await told(complaints, matter_id)())


async def test_a_pause_moves_a_term_and_another_step_does_not(
    complaints: Harness, set_clock: Callable[[dt.datetime], None]
) -> None:
    matter_id = await begun()
    due = (await the_term(matter_id)).due
    await transact(lambda tx: commands.pause("case", matter_id, "accept", dt.date(2026, 6, 3), "补正材料", tx))
    row = await collection_of(Term).find_one({"_id": (await the_term(matter_id)).id})
    assert "补正材料" not in str(row)
    await transact(lambda tx: commands.resume("case", matter_id, "accept", dt.date(2026, 6, 12), tx))
    paused = await the_term(matter_id)
    assert paused.due == dt.date(2026, 6, 18) > due
    await transact(lambda tx: commands.hand_over("case", matter_id, "officer:two", tx))
    other = Length(3, "days")
    await transact(
        lambda tx: commands.set_term(
            about(matter_id), "answer", other, begun_on=dt.date(2026, 6, 12), rests_on="x", used=(), tx=tx
        )
    )
    after = await the_term(matter_id)
    assert (after.due, after.officer) == (paused.due, "officer:two")


async def test_an_extension_is_made_once_before_the_end(
    complaints: Harness, set_clock: Callable[[dt.datetime], None]
) -> None:
    matter_id = await begun()

    async def extend(tx: Transaction) -> Term:
        on = shanghai_date(clock.now())
        return await commands.extend(
            "case", matter_id, "accept", 5, approved_by="chief", on=on, reason="案情复杂", used=(), tx=tx
        )

    extended = await transact(extend)
    assert extended.due == add_working_days(TUESDAY.date(), 10).due
    with pytest.raises(Conflict):
        await transact(extend)
    late = await begun()
    set_clock(TUESDAY + dt.timedelta(days=30))
    with pytest.raises(Conflict):
        await transact(
            lambda tx: commands.extend(
                "case", late, "accept", 5, approved_by="c", on=dt.date(2026, 7, 2), reason="迟", used=(), tx=tx
            )
        )


async def test_a_published_year_moves_provisional_terms(
    complaints: Harness, set_clock: Callable[[dt.datetime], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    set_clock(dt.datetime(2026, 12, 28, 10, tzinfo=SHANGHAI))
    matter_id = await begun()
    assert ((await the_term(matter_id)).due, (await the_term(matter_id)).provisional) == (dt.date(2027, 1, 4), True)
    monkeypatch.setattr(calendar, "_YEARS", calendar._YEARS | {2027})
    monkeypatch.setattr(calendar, "_OFF", calendar._OFF | {dt.date(2027, 1, 1)})
    monkeypatch.setattr(calendar, "VERSION", "2027-test")
    await commands.recalculate()
    term = await the_term(matter_id)
    assert (term.due, term.provisional, term.calendar) == (dt.date(2027, 1, 5), False, "2027-test")


async def test_what_a_transaction_sets_is_among_a_matters_terms(complaints: Harness) -> None:
    matter_id, today = new_id(), shanghai_date(clock.now())

    async def set_one(step: str, tx: Transaction) -> Term:
        length = Length(5, "workdays")
        return await commands.set_term(
            about(matter_id), step, length, begun_on=today, rests_on="case.opened", used=(), tx=tx
        )

    async def steps(tx: Transaction) -> list[str]:
        before = await commands.terms_of("case", matter_id, tx)
        first = await set_one("accept", tx)
        assert await commands.meet("case", matter_id, "accept", today, tx) is first
        again = await set_one("accept", tx)
        with pytest.raises(Conflict):
            await set_one("accept", tx)
        await commands.hand_over("case", matter_id, "officer:two", tx)
        await set_one("decide", tx)
        held = await commands.terms_of("case", matter_id, tx)
        assert (before, again.officer, len(held)) == ([], "officer:two", 3)
        return [one.id.rpartition(matter_id)[2] for one in held]

    assert await transact(steps) == [":accept:1", ":accept:2", ":decide:1"]
    stored = await Term.find({"matter_id": matter_id}).to_list()
    assert {(one.step, one.state, one.officer) for one in stored} == {
        ("accept", "met", "officer:one"),
        ("accept", "running", "officer:two"),
        ("decide", "running", "officer:one"),
    }
