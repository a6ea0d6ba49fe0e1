"""Bills calculated again from the ledger: no difference whatever has happened, and one wherever something was put otherwise."""

from __future__ import annotations

import asyncio
import os
import sys
from argparse import Namespace
from collections.abc import Iterator, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from bson import Decimal128

from services.insurance.billing import cli as operating
from services.insurance.billing.documents import Bill
from services.insurance.ledger import commands as charging
from services.insurance.ledger import queries as ledger
from services.insurance.ledger.documents import Entry, Sheet
from shared.contracts.platform import OrderFinished
from shared.contracts.registry import EngagementActivated
from shared.storage.client import Row, collection_of
from tests.harness import Harness
from tests.integration.insurance.facts import engagement, enterprise, event, new_platform, order, worker


@pytest.fixture
def platform() -> str:
    return new_platform()


def _months() -> Iterator[tuple[str, str]]:
    for year in (2024, 2025):
        for month in range(1, 12, 2):
            yield f"{year}-{month:02}", f"{year}-{month + 1:02}"


MONTHS = _months()


@pytest.fixture
def months() -> tuple[str, str]:
    """Two months that no other test closes."""
    return next(MONTHS)


async def charge(platform: str, *orders: OrderFinished) -> None:
    await charging.charge([event(platform, one) for one in orders])


def some(month: str, count: int, first: int = 0, **changes: Any) -> list[OrderFinished]:
    return [
        order(f"{month}-{number}", f"{month}-12 12:30", worker_ref=f"w{number % 5}", **changes)
        for number in range(first, first + count)
    ]


async def close(insurance: Harness, month: str) -> None:
    answer = await insurance.http.post("/v1/bill-closings", json={"month": month}, headers=insurance.officer)
    assert answer.status_code == 202
    await insurance.settled()


async def differences(insurance: Harness, bill: str) -> set[tuple[str, str]]:
    """What differs, by the recomputation that officers see: the last part of an id, and what of it."""
    answer = await insurance.http.get(f"/v1/bills/{bill}/recomputation", headers=insurance.officer)
    assert answer.status_code == 200, answer.text
    shown = answer.json()
    assert shown["difference_count"] == len(shown["differences"])
    return {(one["of"].rpartition("|")[2], one["what"]) for one in shown["differences"]}


async def command(month: str, platform: str) -> int:
    return await operating.recompute(Namespace(month=month, platform=platform))


class Died(BaseException):
    """The process is gone."""


async def test_nothing_differs_after_all_that_can_go_wrong(
    insurance: Harness,
    platform: str,
    months: tuple[str, str],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """After duplicates, crashes, late orders and corrections."""
    month, following = months
    orders = some(month, 120)
    with monkeypatch.context() as patch:
        patch.setattr(charging, "write_sheets", _die)
        with pytest.raises(Died):
            await charge(platform, *orders[:80])
    await charge(platform, *orders[40:], *orders[100:])
    await charge(platform, *orders[:60])
    await charge(platform, *some(month, 3, 500, industry="courier"))
    await insurance.publish(enterprise(platform, (f"{month}-10", "b")))
    await insurance.settled()
    await close(insurance, month)
    started = {"relation": "employment", "started_on": f"{month}-11"}
    person = worker(f"person-{platform}-w1")
    await insurance.publish(person, engagement(EngagementActivated, platform, **started))
    body = {"kind": "factor", "value": "1.15", "document": "1号"}
    path = f"/v1/platforms/{platform}/rates/instant_delivery/{month}-12"
    assert (await insurance.http.put(path, json=body, headers=insurance.officer)).status_code == 200
    await charge(platform, *some(month, 10, 200), *some(following, 30))
    await insurance.settled()
    await close(insurance, following)
    for one in months:
        assert await differences(insurance, f"{platform}|{one}") == set()
        assert await command(one, platform) == 0
    assert f"{following}: 1 bills" in capsys.readouterr().out
    bill = await Bill.of(f"{platform}|{following}")
    assert bill is not None
    assert bill.corrected.entries > 100
    assert bill.charged.entries == 40


async def _die(entries: Sequence[Row]) -> None:
    raise Died


async def _tamper(collection: Any, what: dict[str, Any], values: dict[str, Any]) -> None:
    result = await collection.update_one(what, {"$set": values})
    assert result.modified_count == 1


@pytest.mark.parametrize(
    ("values", "shown"),
    [
        ({"premium": Decimal128("0.06")}, {"premium of the order", "premium", "charged.premium"}),
        ({"orders": 0}, {"order charged", "orders", "charged.orders"}),
        ({"industry": "courier"}, {"order charged", "premium of the order"}),
        ({"month": "2023-01"}, {"month"}),
        ({"sheet": "another"}, {"sheet"}),
    ],
)
async def test_an_entry_that_was_changed_shows(
    insurance: Harness, platform: str, months: tuple[str, str], values: dict[str, Any], shown: set[str]
) -> None:
    month, bill = months[0], f"{platform}|{months[0]}"
    await charge(platform, *some(month, 3))
    await close(insurance, month)
    assert await differences(insurance, bill) == set()
    await _tamper(collection_of(Entry), {"_id": f"{platform}|{month}-1"}, values)
    assert shown <= {what for _, what in await differences(insurance, bill)}
    assert await command(month, platform) == 1


async def test_what_was_taken_away_or_added_up_otherwise_shows(
    insurance: Harness, platform: str, months: tuple[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    month, bill = months[0], f"{platform}|{months[0]}"
    await charge(platform, *some(month, 5))
    await close(insurance, month)
    entry = await collection_of(Entry).find_one_and_delete({"_id": f"{platform}|{month}-1"})
    assert (f"{month}-1", "is in the ledger") in await differences(insurance, bill)
    await collection_of(Entry).insert_one(entry)
    assert await differences(insurance, bill) == set()
    await _tamper(collection_of(Bill), {"_id": bill}, {"premium": Decimal128("0.21")})
    assert (month, "premium") in await differences(insurance, bill)
    await _tamper(collection_of(Bill), {"_id": bill}, {"premium": Decimal128("0.20")})
    await collection_of(Sheet).update_one({"platform": platform}, {"$set": {"orders": 4}})
    assert "orders" in {what for _, what in await differences(insurance, bill)}
    await collection_of(Sheet).update_one({"platform": platform}, {"$set": {"orders": 5}})
    await collection_of(Entry).insert_one({**entry, "_id": f"{platform}|alone", "sheet": "nowhere"})
    capsys.readouterr()
    assert await command(month, platform) == 1
    assert "nowhere" in capsys.readouterr().out


async def test_the_commands_run_beside_the_service(
    insurance: Harness, platform: str, months: tuple[str, str], module_directory: Path
) -> None:
    month = months[0]
    await charge(platform, *some(month, 5))
    await close(insurance, month)
    run = _runner(insurance, module_directory)
    status, text = await run("recompute", "--month", month, "--platform", platform)
    assert (status, text.splitlines()[-1]) == (0, f"{month}: 1 bills, 5 entries, 5 charged orders, 0 differences")
    await _tamper(collection_of(Entry), {"_id": f"{platform}|{month}-1"}, {"premium": Decimal128("1.00")})
    status, text = await run("recompute", "--month", month, "--platform", platform)
    assert status == 1
    assert f"{platform}|{month}-1" in text
    assert (await run("recompute", "--month", "2024-1"))[0] == 2
    status, text = await run("reprice", "--since", month, "--platform", platform)
    assert (status, "1 platforms" in text) == (0, True)
    await insurance.settled()
    [entry] = await ledger.by_ids([f"adj:1:{platform}|{month}-1"])
    [other] = await ledger.by_ids([f"{platform}|{month}-2"])
    assert ledger.amount(entry) == ledger.amount(other) - Decimal("1.00")


def _runner(insurance: Harness, directory: Path) -> Any:
    settings = insurance.process.settings
    env = {
        **os.environ,
        "MONGO_URI": settings.mongo_uri,
        "MONGO_DATABASE": settings.mongo_database,
        "KAFKA_BOOTSTRAP": settings.kafka.bootstrap,
        "KEYS_FILE": str(settings.keys_file),
        "OIDC_ISSUER": settings.issuer,
        "OIDC_JWKS_URL": settings.jwks_url,
        "LOG_LEVEL": "warning",
    }

    async def run(*arguments: str) -> tuple[int, str]:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "services.insurance",
            *arguments,
            env=env,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        output, _ = await process.communicate()
        return process.returncode or 0, output.decode()

    return run
