from __future__ import annotations

import datetime as dt
from functools import partial
from itertools import permutations

import msgspec

from services.subsidies.persons import commands
from services.subsidies.persons.documents import Applicant, Contribution, Engagement, Registration
from shared.contracts.base import Fact
from shared.contracts.registry import (
    RestrictionApplied,
    RestrictionLifted,
    WorkerErased,
    WorkerMerged,
)
from shared.ids import new_id
from shared.storage.client import collection_of
from shared.storage.transaction import Transaction, transact
from tests.harness import Harness, bearer
from tests.integration.subsidies.facts import (
    contribution,
    employed_again,
    ended,
    engagement,
    registered,
    tell,
    unemployed,
    worker,
)

PATH = "/v1/workers/me/known-facts"
AT = dt.datetime(2026, 9, 1, tzinfo=dt.UTC)
LATER = AT + dt.timedelta(hours=1)
START = dt.date(2026, 3, 1)


async def known(worker_id: str) -> tuple[list[str], list[str], list[str]]:
    """Months paid, forms of employment and engagements of a person."""

    async def look(tx: Transaction) -> tuple[list[str], list[str], list[str]]:
        person = await commands.person(worker_id, tx)
        return (
            [one.month for one in await commands.contributions(person, "2026-01", "2026-12", tx)],
            [spell.form for one in await commands.registrations(person, tx) for spell in one.spells],
            [one.worker_ref for one in await commands.engagements(person, tx)],
        )

    return await transact(look)


async def test_a_worker_reads_what_is_known_of_them(subsidies: Harness) -> None:
    one = f"w-{new_id()}"
    await tell(subsidies, worker(one, "1965-01-20"), contribution(one, "2026-04"), registered(one, START))
    await tell(subsidies, contribution(one, "2026-04", insurance="medical"), contribution(one, "2026-05"))
    await subsidies.settled()
    answer = (await subsidies.http.get(PATH, headers=bearer("worker", worker_id=one))).json()
    assert {key: answer[key] for key in ("born_on", "sex", "employment", "contribution_months", "retires_on")} == {
        "born_on": "1965-01-20",
        "sex": "male",
        "employment": "flexible",
        "contribution_months": 2,
        "retires_on": "2025-02-20",
    }
    assert ("retirement.delay", False) in {(row["key"], row["verified"]) for row in answer["used"]}


async def test_sex_and_birth_are_stored_encrypted(subsidies: Harness) -> None:
    one = f"w-{new_id()}"
    await tell(subsidies, worker(one, "1975-02-03", "female"))
    await subsidies.settled()
    row = str(await collection_of(Applicant).find_one({"_id": one}, {"born_on": 1, "sex": 1}))
    assert "female" not in row
    assert "1975" not in row


async def test_the_later_word_on_a_contribution_holds(subsidies: Harness) -> None:
    one = f"w-{new_id()}"
    void = contribution(one, "2026-04", number=f"c-{one}", reversed=True)
    await tell(subsidies, void, time=LATER)
    await tell(subsidies, contribution(one, "2026-04", number=f"c-{one}"), time=AT)
    await subsidies.settled()
    assert (await known(one))[0] == []


async def test_the_later_word_on_a_registration_holds(subsidies: Harness) -> None:
    one = f"w-{new_id()}"
    told = registered(one, START, form="employed")
    await tell(subsidies, ended(told, START, withdrawn=True), time=LATER)
    await tell(subsidies, told, time=AT)
    await subsidies.settled()
    assert (await known(one))[1] == []


async def test_merged_persons_facts_count_in_any_order(subsidies: Harness) -> None:
    turns = list(permutations(["contribution", "registration", "merger", "engagement"]))
    for step in range(4):
        for turn, order in enumerate(turns):
            old, new = f"w-old{turn}", f"w-new{turn}"
            facts: dict[str, Fact] = {
                "contribution": contribution(old, "2026-04"),
                "registration": registered(old, START),
                "merger": WorkerMerged(worker_id=new, merged_worker_id=old),
                "engagement": msgspec.structs.replace(engagement(old, f"REF{turn}"), worked=True),
            }
            await tell(subsidies, facts[order[step]])
        await subsidies.settled()
    for turn, order in enumerate(turns):
        assert await known(f"w-new{turn}") == (["2026-04"], ["flexible"], [f"REF{turn}"]), order


async def test_a_chain_of_mergers_ends_at_the_last_record(subsidies: Harness) -> None:
    a, b, c = (f"w-{new_id()}" for _ in range(3))
    await tell(subsidies, contribution(a, "2026-04"), contribution(b, "2026-05"), contribution(c, "2026-06"))
    await tell(subsidies, WorkerMerged(worker_id=c, merged_worker_id=b))
    await tell(subsidies, WorkerMerged(worker_id=b, merged_worker_id=a))
    await subsidies.settled()
    for one in (a, b, c):
        assert (await known(one))[0] == ["2026-04", "2026-05", "2026-06"]
        assert (await transact(partial(commands.person, one))).ids[0] == c


async def test_what_an_erased_person_did_is_not_recorded_again(subsidies: Harness) -> None:
    one = f"w-{new_id()}"
    await tell(subsidies, worker(one), contribution(one, "2026-04"), registered(one, START), time=AT)
    await tell(subsidies, engagement(one, f"REF-{one}"), time=AT)
    await subsidies.settled()
    await tell(subsidies, WorkerErased(worker_id=one), time=LATER)
    await subsidies.settled()
    await tell(subsidies, worker(one), contribution(one, "2026-05"), time=AT)
    await subsidies.settled()
    for document in (Contribution, Registration, Engagement):
        assert await collection_of(document).count_documents({"worker_id": one}) == 0
    applicant = await Applicant.get(one)
    assert applicant is not None
    assert (applicant.born_on, applicant.sex) == (None, None)


async def test_a_restriction_that_was_lifted_holds_to_its_end(subsidies: Harness) -> None:
    uscc = f"uscc-{new_id()}"
    since, until = dt.date(2026, 1, 1), dt.date(2026, 6, 30)
    fields = {"restriction_id": new_id(), "uscc": uscc, "listing_id": "l-1", "fields": ("government_funds",)}
    lifted = RestrictionLifted(**fields, since=since, until=until, reason="delisted")  # type: ignore[arg-type]
    await tell(subsidies, lifted, time=LATER)
    await tell(subsidies, RestrictionApplied(**fields, since=since, until=None), time=AT)  # type: ignore[arg-type]
    await subsidies.settled()
    (known,) = await transact(lambda tx: commands.restrictions(uscc, tx))
    assert [known.holds_on(day) for day in (since, until, until + dt.timedelta(days=1))] == [True, True, False]


async def test_registered_unemployment_is_known_until_it_ends(subsidies: Harness) -> None:
    """In whatever order the two are told; and forgotten with the person."""
    one, other = f"w-{new_id()}", f"w-{new_id()}"

    async def shown(worker_id: str) -> str | None:
        answer = await subsidies.http.get(PATH, headers=bearer("worker", worker_id=worker_id))
        return str(answer.json()["unemployed_on"])

    told, over = unemployed(one, START), employed_again(unemployed(other, START), START + dt.timedelta(days=9))
    await tell(subsidies, told, time=AT)
    await tell(subsidies, over, time=LATER)
    await tell(subsidies, unemployed(other, START), time=AT)
    await subsidies.settled()
    assert [await shown(one), await shown(other)] == [str(START), "None"]
    await tell(subsidies, WorkerErased(worker_id=one), time=LATER)
    await tell(subsidies, told, time=AT)
    await subsidies.settled()
    assert await shown(one) == "None"
