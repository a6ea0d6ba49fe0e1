"""Of the keys that insurance seals with, an operator hears from when on nothing needs an old one."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from services.insurance.app import service
from services.insurance.claims.commands import tell_kin
from shared import key_rotation
from shared.ids import new_id
from shared.messaging import relay
from shared.storage import keys
from shared.storage.transaction import Transaction, transact
from tests.harness import Harness, eventually


@pytest.fixture
def rings() -> Iterator[dict[str, keys.KeyRing]]:
    """The rings of the process, which are put back."""
    before = {name: keys.ring(name) for name in keys.names()}
    yield before
    keys.use(before)


def rotate(name: str, rings: dict[str, keys.KeyRing]) -> str:
    """Make a new key of a ring current beside those that there are; the id of the one before."""
    old = rings[name]
    keys.use(rings | {name: keys.KeyRing("later", {"later": os.urandom(32), **old.keys})})
    return old.current


async def judged(capsys: pytest.CaptureFixture[str], ring: str) -> list[str]:
    assert await key_rotation.run(service) == 0
    return [line for line in capsys.readouterr().out.splitlines() if line.startswith(f"{ring} ")]


async def tell() -> None:
    async def work(tx: Transaction) -> None:
        tell_kin(new_id(), "c-1", None, "张测试", "13800000001", tx)

    await transact(work)
    await eventually(_published)  # until then it counts as published just now


async def _published() -> bool:
    return await relay.pending_count() == 0


async def test_the_key_that_next_of_kin_are_sealed_with_is_judged(
    insurance: Harness, rings: dict[str, keys.KeyRing], capsys: pytest.CaptureFixture[str]
) -> None:
    await tell()
    old = rotate("for-notifier-kin", rings)
    [line] = await judged(capsys, "for-notifier-kin")
    assert line.startswith(f"for-notifier-kin {old}: last used ")
    await tell()
    [later] = await judged(capsys, "for-notifier-kin")
    assert later == line, "what is sealed with the new key prolongs nothing"


async def test_a_key_that_sealed_nothing_may_go(
    insurance: Harness, rings: dict[str, keys.KeyRing], capsys: pytest.CaptureFixture[str]
) -> None:
    unused = keys.KeyRing("unused", {"unused": os.urandom(32)})
    rotate("for-notifier-kin", rings | {"for-notifier-kin": unused})
    [line] = await judged(capsys, "for-notifier-kin")
    assert "nothing that is kept was sealed with it" in line


async def test_what_others_seal_with_is_theirs_to_judge(
    insurance: Harness, rings: dict[str, keys.KeyRing], capsys: pytest.CaptureFixture[str]
) -> None:
    rotate("for-insurance", rings)
    assert await judged(capsys, "for-insurance") == []
