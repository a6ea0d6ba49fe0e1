"""Every request of the demo to the services, and what it reads from their answers, in one place."""

import gzip
from collections import Counter
from collections.abc import Iterator
from typing import Any

from deploy.local.demo.client import Client

OFFICER = "officer:demo"
Action = dict[str, Any]


async def push(client: Client, platform: str, lines: list[bytes]) -> tuple[int, int]:
    """Push one batch as its platform; how many events were accepted and rejected."""
    headers = {"content-type": "application/x-ndjson", "content-encoding": "gzip"}
    body = gzip.compress(b"\n".join(lines), compresslevel=1)
    answer = await client.call(
        f"platform:{platform}", "registry", "POST", "/v1/platform-events", content=body, headers=headers
    )
    receipt = answer.json()
    return receipt["accepted"], len(receipt["rejected"])


async def worker_id(client: Client, platform: str, worker_ref: str) -> str | None:
    """The id of a platform's worker; None where the registry does not know them."""
    page = await client.officer("registry", "/v1/engagements", platform=platform, worker_ref=worker_ref)
    return str(page["items"][0]["worker_id"]) if page["items"] else None


async def register_device(client: Client, worker: str, action: Action) -> None:
    """A worker registers an app device, for messages by push."""
    path = f"/v1/devices/{action['device_token']}"
    await client.call(f"worker:{worker}", "notifier", "PUT", path, json={"platform": "android"})


async def file_complaint(client: Client, worker: str, action: Action) -> None:
    """A worker files a complaint and an officer takes it up."""
    body = {name: action[name] for name in ("platform", "category", "text", "district", "occurred_on")}
    filed = await client.call(f"worker:{worker}", "complaints", "POST", "/v1/cases", json=body)
    match = {"if-match": filed.headers["etag"]} if "etag" in filed.headers else {}
    path = f"{filed.headers['location']}/acceptance"
    await client.call(OFFICER, "complaints", "POST", path, json={}, headers=match)


async def apply_for_subsidy(client: Client, worker: str, action: Action) -> None:
    """A worker applies for the training subsidy."""
    body = {name: action[name] for name in ("course", "completed_on")}
    await client.call(f"worker:{worker}", "subsidies", "POST", "/v1/training-subsidy-applications", json=body)


async def close_month(client: Client, month: str) -> None:
    """An officer closes the bills of a month (`YYYY-MM`)."""
    await client.call(OFFICER, "insurance", "POST", "/v1/bill-closings", json={"month": month})


async def release_messages(client: Client) -> None:
    """An officer lets the messages go that are held because later facts might take them back."""
    await client.call(OFFICER, "notifier", "POST", "/v1/message-releases")


async def backlog(client: Client, service: str) -> tuple[bool, int, str]:
    """Whether a service has nothing under way, how much it has handled, and what is under way in words.

    Each of its processes is asked: what is stored they all know, of what Kafka holds each knows its own part.
    """
    left: Counter[str] = Counter()
    handled = 0
    for process in client.processes(service):
        found = await backlog_of(client, process)
        stored: dict[str, int] = {name: found[name] for name in ("outbox", "due")} | found["pending"]
        left = (left | Counter(stored)) + Counter(lag=int(found["lag"]))
        handled += found["handled"]
    return not left, handled, ", ".join(f"{name} {count}" for name, count in left.items())


async def backlog_of(client: Client, process: str) -> dict[str, Any]:
    """What one process has under way, and how much it has handled."""
    found: dict[str, Any] = await client.operator(process, "/v1/backlog")
    return found


async def held(client: Client) -> list[str]:
    """The figures that are not zero, in words: where the databases are empty there are none."""
    return [f"{name} {count}" for name, count in _counts("", await figures(client)) if count]


async def figures(client: Client) -> dict[str, Any]:
    """Every figure of `report.json` that the services hold, read from their APIs."""
    registry, insurance, complaints, subsidies, notifier = [
        await client.officer(service, "/v1/statistics")
        for service in ("registry", "insurance", "complaints", "subsidies", "notifier")
    ]
    bills = [_pick(bill, "platform", "month", "orders", "premium") for bill in await _all_bills(client)]
    letters = [
        (await client.operator(service, "/v1/dead-letters"))["total"]
        for service in ("registry", "insurance", "complaints", "subsidies", "notifier")
    ]
    return {
        "registry": _pick(registry, "workers", "enterprises")
        | {"engagements": _pick(registry["engagements"], "active", "blocked", "ended")},
        "insurance": _pick(insurance, "enrolled", "orders", "premium")
        | {"bills": sorted(bills, key=lambda bill: (bill["platform"], bill["month"]))}
        | _pick(insurance, "claims"),
        "complaints": _pick(complaints, "cases", "leads"),
        "subsidies": _pick(subsidies, "applications"),
        "notifier": _pick(notifier, "sent", "delivered", "failed"),
        "dead_letters": sum(letters),
    }


async def _all_bills(client: Client) -> list[dict[str, Any]]:
    page = await client.officer("insurance", "/v1/bills", limit="500")
    items: list[dict[str, Any]] = page["items"]
    while page["next"] is not None:
        page = await client.officer("insurance", "/v1/bills", limit="500", cursor=page["next"])
        items += page["items"]
    return items


def _pick(found: dict[str, Any], *wanted: str) -> dict[str, Any]:
    return {name: found[name] for name in wanted}


def _counts(name: str, found: object) -> Iterator[tuple[str, int]]:
    match found:
        case dict():
            for part, value in found.items():
                yield from _counts(f"{name}.{part}".removeprefix("."), value)
        case list():
            yield name, len(found)
        case int():
            yield name, found
