"""How the demo waits until the services have nothing left to do."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from deploy.local.demo import calls, settling
from deploy.local.stack import SERVICES

CLIENT: Any = None
IDLE, BUSY = (True, 7, ""), (False, 7, "lag 3")


@pytest.fixture
def looks(monkeypatch: pytest.MonkeyPatch) -> list[tuple[bool, int, str]]:
    """What the first service answers at each look; the others have nothing to do."""
    answers: list[tuple[bool, int, str]] = []

    async def backlog(client: Any, service: str) -> tuple[bool, int, str]:
        return answers.pop(0) if service == next(iter(SERVICES)) else (True, 0, "")

    monkeypatch.setattr(calls, "backlog", backlog)
    monkeypatch.setattr(settling, "LOOK_AFTER", 0.0)
    return answers


async def test_all_has_settled_once_two_looks_find_the_same(looks: list[tuple[bool, int, str]]) -> None:
    looks += [BUSY, IDLE, IDLE, IDLE]
    noted: list[str] = []
    await settling.settle(CLIENT, noted.append)
    assert looks == [IDLE]
    assert noted[0] == f"{next(iter(SERVICES))}: lag 3"


async def test_what_was_handled_between_two_looks_counts(looks: list[tuple[bool, int, str]]) -> None:
    """An event was under way between two services."""
    looks += [IDLE, (True, 8, ""), (True, 8, "")]
    await settling.settle(CLIENT, print)
    assert looks == []


async def test_work_between_two_looks_makes_the_first_one_nothing(looks: list[tuple[bool, int, str]]) -> None:
    looks += [IDLE, BUSY, IDLE, IDLE]
    await settling.settle(CLIENT, print)
    assert looks == []


async def test_who_waits_in_vain_hears_what_is_left(
    looks: list[tuple[bool, int, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settling, "STALLED", 0.0)
    looks += [BUSY, BUSY]
    with pytest.raises(settling.NotSettled, match="lag 3"):
        await settling.settle(CLIENT, print)


async def test_until_nothing_is_left(looks: list[tuple[bool, int, str]]) -> None:
    left: Iterator[str] = iter(["webhooks 2", "webhooks 1", ""])

    async def webhooks() -> str:
        return next(left)

    noted: list[str] = []
    await settling.until(webhooks, noted.append)
    assert noted == ["webhooks 2", "webhooks 1"]
