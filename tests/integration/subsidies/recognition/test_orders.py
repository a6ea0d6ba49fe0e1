"""How a recognition stands follows from what is known of the person's employment, in whatever order it becomes known."""

from __future__ import annotations

import datetime as dt
from collections.abc import Awaitable, Callable
from functools import partial
from itertools import islice, permutations

import pytest

from services.subsidies.persons import commands as persons
from services.subsidies.recognition import commands
from services.subsidies.recognition.documents import Recognition, encrypted_category
from shared import clock
from shared.contracts.base import CloudEvent
from shared.contracts.registry import EmploymentEnded, EmploymentFact, EmploymentRegistered, WorkerErased
from shared.contracts.subsidies import RecognitionEnded
from shared.ids import new_id
from shared.policy.calendar import shanghai_date, start_of_day
from shared.storage.transaction import Transaction, transact
from tests.harness import Harness
from tests.integration.subsidies.facts import ended, registered, tell
from tests.integration.subsidies.filing import FIRST, SECOND, apply_as, do, officer
from tests.integration.subsidies.recognition.test_recognition import told

SINCE = dt.date(2026, 9, 1)
Step = Callable[[Transaction], Awaitable[object]]


def day(number: int) -> dt.date:
    return SINCE + dt.timedelta(days=number)


async def held(worker_id: str, until: dt.date | None = None) -> str:
    """A person who is recognised as hard to employ."""
    key = f"recognition-{new_id()}"
    one = Recognition(
        id=key,
        number=key,
        worker_id=worker_id,
        category=encrypted_category(key, "disabled"),
        district="510603",
        department="hrss",
        since=SINCE,
        until=until,
    )
    await transact(one.put)
    return key


def job(worker_id: str, registration: str, first: dt.date) -> EmploymentRegistered:
    found = registered(worker_id, first, form="employed")
    values = {name: getattr(found, name) for name in found.__struct_fields__}
    return EmploymentRegistered(**values | {"registration_id": registration})


def hears(fact: EmploymentRegistered | EmploymentEnded, at: int) -> Step:
    """Hearing of an employment on the day of that number."""
    event: CloudEvent[EmploymentFact] = CloudEvent(
        id=new_id(),
        source="/services/registry",
        type=fact.TYPE,
        time=start_of_day(day(at)),
        data=fact,
        traceparent=None,
    )
    return lambda tx: commands.follow(event, tx)


async def together(told: list[EmploymentFact], steps: list[Step], tx: Transaction) -> None:
    """What a batch of events does in one transaction."""
    await commands.load(told, tx)
    for step in steps:
        await step(tx)


def expires(key: str) -> Step:
    return lambda tx: commands.expire(key, tx)


def merges(kept: str, gone: str) -> Step:
    async def merge(tx: Transaction) -> None:
        await commands.merge(await persons.merge(kept, gone, tx), gone, tx)

    return merge


async def stands(key: str) -> tuple[str, str | None, dt.date | None]:
    one = await Recognition.of(key)
    assert one is not None
    return one.state, one.ending, one.ended_on


async def test_two_records_of_a_person_with_two_employers(subsidies: Harness) -> None:
    """The first employment was none; of the second it is lost, though that has ended again."""
    outcomes = set()
    for order in permutations(range(5)):
        mark = new_id()
        one, other = f"a-{mark}", f"b-{mark}"
        key = await held(one)
        wrong, right = job(other, f"r-{mark}", day(10)), job(one, f"s-{mark}", day(20))
        steps = [
            hears(wrong, 1),
            hears(ended(wrong, day(10), withdrawn=True), 2),
            hears(right, 1),
            hears(ended(right, day(25)), 3),
            merges(one, other),
        ]
        for at in order:
            await transact(steps[at])
        outcomes.add(await stands(key))
    assert outcomes == {("ended", "employed", day(19))}


async def test_a_registration_that_was_told_of_somebody_else(subsidies: Harness) -> None:
    """It is the other person's employment; and what was told of the first one otherwise was none."""
    outcomes = set()
    for order in permutations(range(4)):
        mark = new_id()
        one, other = f"a-{mark}", f"b-{mark}"
        keys = [await held(one), await held(other)]
        false, second = job(one, f"r-{mark}", day(10)), job(one, f"s-{mark}", day(5))
        steps = [
            hears(false, 1),
            hears(job(other, f"r-{mark}", day(10)), 2),
            hears(second, 1),
            hears(ended(second, day(5), withdrawn=True), 2),
        ]
        for at in order:
            await transact(steps[at])
        outcomes.add(tuple([await stands(key) for key in keys]))
    assert outcomes == {(("recognised", None, None), ("ended", "employed", day(9)))}


async def test_what_is_heard_together_counts_as_one_by_one(subsidies: Harness) -> None:
    """Of the same persons and registrations, in any order, and with a merger among it."""
    outcomes = set()
    for order in islice(permutations(range(6)), None, None, 7):
        mark = new_id()
        one, other, third = f"a-{mark}", f"b-{mark}", f"c-{mark}"
        keys = [await held(one), await held(other), await held(third)]
        false, second = job(one, f"r-{mark}", day(10)), job(one, f"s-{mark}", day(5))
        steps = [
            hears(false, 1),
            hears(job(other, f"r-{mark}", day(10)), 2),
            hears(second, 1),
            hears(ended(second, day(5), withdrawn=True), 2),
            hears(job(one, f"t-{mark}", day(30)), 1),
            merges(other, third),
        ]
        said: list[EmploymentFact] = [
            job(f"{who}-{mark}", f"{what}-{mark}", day(1)) for who, what in zip("abca", "rstr", strict=True)
        ]
        await transact(partial(together, said, [steps[at] for at in order]))
        outcomes.add(tuple([await stands(key) for key in keys]))
    lost = ("ended", "employed", day(9))
    assert outcomes == {(("ended", "employed", day(29)), lost, lost)}


@pytest.mark.parametrize(("withdrawn", "stood"), [(False, ("employed", day(9))), (True, ("expired", day(15)))])
async def test_its_last_day_and_employment(subsidies: Harness, withdrawn: bool, stood: tuple[str, dt.date]) -> None:
    """Employment before its last day ends it, also where that is heard of after the last day; later employment does not."""
    keys = []
    for order in permutations(range(4)):
        mark = new_id()
        one = f"a-{mark}"
        key = await held(one, day(15))
        first, later = job(one, f"r-{mark}", day(10)), job(one, f"s-{mark}", day(40))
        steps = [
            hears(first, 1),
            hears(ended(first, day(12), withdrawn=withdrawn), 2),
            hears(later, 1),
            expires(key),
        ]
        for at in order:
            await transact(steps[at])
        keys.append(key)
    await subsidies.settled()
    assert {await stands(key) for key in keys} == {("ended", *stood)}


async def test_a_person_who_was_erased_keeps_how_it_ended(subsidies: Harness) -> None:
    one = f"a-{new_id()}"
    key = await held(one)
    await transact(hears(job(one, f"r-{one}", day(10)), 1))
    await tell(subsidies, WorkerErased(worker_id=one))
    await subsidies.settled()
    await transact(hears(ended(job(one, f"r-{one}", day(10)), day(10), withdrawn=True), 2))
    assert await stands(key) == ("ended", "employed", day(9))


async def test_employment_heard_of_before_the_approval_counts(subsidies: Harness) -> None:
    """It is told while the officers decide; the recognition does not hold beside it."""
    one = f"w-{new_id()}"
    filed = await apply_as(subsidies, one, kind="recognition", stated={"category": "disabled"}, account=None)
    key = filed["application_id"]
    begins = shanghai_date(clock.now()) + dt.timedelta(days=60)
    await tell(subsidies, registered(one, begins, form="employed"))
    await subsidies.settled()
    await do(subsidies, key, "acceptance", officer(FIRST))
    await do(subsidies, key, "review", officer(FIRST), {"approve": True, "judged": ["evidence", "working_age"]})
    await do(subsidies, key, "confirmation", officer(SECOND), {"to_head": False})
    assert await stands(key) == ("ended", "employed", begins - dt.timedelta(days=1))
    assert len(await told(subsidies, RecognitionEnded, key)) == 1
