"""Work that something passing stands in the way of is done again, and nothing else is."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import pytest

from shared.storage.passing import Stale, tried


def failing(*faults: Exception) -> tuple[Callable[[], Awaitable[int]], list[int]]:
    """Work that fails so, one fault a time, and then gives how often it was tried; and its tries."""
    waiting, tries = list(faults), list[int]()

    async def work() -> int:
        tries.append(len(tries) + 1)
        if waiting:
            raise waiting.pop(0)
        return len(tries)

    return work, tries


async def test_what_succeeds_is_done_once() -> None:
    work, tries = failing()
    assert await tried(work) == 1
    assert tries == [1]


async def test_a_passing_fault_is_tried_again() -> None:
    work, _ = failing(Stale("first"), Stale("second"))
    assert await tried(work) == 3


async def test_any_other_fault_is_raised_at_once() -> None:
    work, tries = failing(ValueError("a rule"))
    with pytest.raises(ValueError, match="a rule"):
        await tried(work)
    assert tries == [1]


async def test_so_is_one_that_comes_after_a_passing_one() -> None:
    work, tries = failing(Stale("first"), ValueError("a rule"))
    with pytest.raises(ValueError, match="a rule"):
        await tried(work)
    assert tries == [1, 2]


@pytest.mark.parametrize("attempts", [1, 2])
async def test_the_last_fault_is_raised_after_so_many_tries(attempts: int) -> None:
    work, tries = failing(*(Stale(f"{number}") for number in range(5)))
    with pytest.raises(Stale, match=f"{attempts - 1}"):
        await tried(work, attempts)
    assert len(tries) == attempts
