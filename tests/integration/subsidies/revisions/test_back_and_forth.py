"""Facts and sums that change, change back, and change again: each time the difference is a case."""

from __future__ import annotations

from decimal import Decimal

import pytest

from services.subsidies.applications.documents import Application
from services.subsidies.revisions import commands
from services.subsidies.revisions.documents import Revision
from shared import clock
from shared.policy.calendar import shanghai_date
from tests.harness import Harness
from tests.integration.subsidies.filing import COURSE, FIRST, SECOND, officer
from tests.integration.subsidies.law import put_in_force, with_amounts
from tests.integration.subsidies.revisions.test_revisions import paid_for, revisions_of, step


async def publish(subsidies: Harness, amount: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another sum for the course, by which decisions are taken again."""
    put_in_force(with_amounts({COURSE: amount}, shanghai_date(clock.now())), monkeypatch)
    await commands.follow_law()
    await subsidies.settled()


async def open_case(key: str) -> Revision:
    (one,) = [one for one in await revisions_of(key) if one.state == "open"]
    return one


async def answered(subsidies: Harness, key: str, answer: str) -> Decimal | None:
    """The difference of the case that is open, answered by two officers."""
    case = await open_case(key)
    await step(subsidies, case.id, "proposal", officer(FIRST), {"answer": answer, "reason": "标准变化"})
    await step(subsidies, case.id, "confirmation", officer(SECOND))
    await subsidies.settled()
    return case.difference


async def test_a_result_that_comes_again_is_a_case_again(subsidies: Harness, monkeypatch: pytest.MonkeyPatch) -> None:
    key = await paid_for(subsidies, "w-again")
    for amount, answer, difference in [
        ("1200.00", "supplement", "400.00"),
        ("700.00", "recover", "-500.00"),
        ("1200.00", "supplement", "500.00"),
        ("700.00", "recover", "-500.00"),
    ]:
        await publish(subsidies, amount, monkeypatch)
        assert await answered(subsidies, key, answer) == Decimal(difference)
        application = await Application.get(key)
        assert application is not None
        assert application.amount == Decimal(amount)


async def test_what_was_dropped_stays_so_while_it_is_the_same(
    subsidies: Harness, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = await paid_for(subsidies, "w-dropped")
    await publish(subsidies, "1300.00", monkeypatch)
    await answered(subsidies, key, "drop")
    await publish(subsidies, "800.00", monkeypatch)
    await publish(subsidies, "1300.00", monkeypatch)
    assert [one.state for one in await revisions_of(key)] == ["dropped"]
