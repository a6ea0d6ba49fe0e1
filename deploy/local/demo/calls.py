"""Every request of the demo to the services, and what it reads from their answers, in one place."""

import gzip
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from typing import Any

from deploy.local.demo.client import Client
from deploy.local.demo.receiver import TYPES, Receiver
from deploy.local.demo.whole_case import OFFICER, SECOND_OFFICER

LESSON = {
    "kind": "legal_education",
    "title": "劳动权益小课堂",
    "text": "平台与您确立劳动关系的，应当依法订立书面劳动合同。咨询维权请拨12333。",
    "template": "demo_legal_education",
}
"""What the people of one district are sent about their rights (德人社发〔2022〕95号 art. 1)."""
KINDS = dict.fromkeys(("pay_below_hourly_minimum", "pay_below_monthly_minimum"), "pay_below_minimum")
"""Kinds of leads that are counted as one: which of them it is rests on how the pay of a period is reckoned, not on whether."""
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


async def apply_for_subsidy(client: Client, worker: str, action: Action, district: str) -> None:
    """A worker applies for the training subsidy, and two officers sign: for a public notice, or a refusal where the machine
    proposes none."""
    body = {
        "kind": "training",
        "name": "演示申请人",
        "district": district,
        "stated": {name: action[name] for name in ("course", "completed_on")} | {"public_pension": False},
        "account": {"holder": "演示申请人", "number": "6222020000000000000"},
    }
    filed = await client.call(f"worker:{worker}", "subsidies", "POST", "/v1/subsidy-applications", json=body)
    path, seen, proposal = filed.headers["location"], filed.headers["etag"], filed.json()["proposal"]
    against = [ground["code"] for ground in proposal["grounds"] + proposal["barred"] if ground["met"] is False]
    finding = (
        {"approve": False, "against": against}
        if against
        else {"approve": True, "amount": proposal["amount"] or "800.00"}
    )
    steps: tuple[tuple[str, str, Action], ...] = (
        (OFFICER, "acceptance", {}),
        (OFFICER, "review", finding),
        (SECOND_OFFICER, "confirmation", {"to_head": False}),
    )
    for officer, step, said in steps:
        answer = await client.call(
            officer, "subsidies", "POST", f"{path}/{step}", json=said, headers={"if-match": seen}
        )
        seen = answer.headers["etag"]


async def declare_employees(client: Client) -> int:
    """Every employer declares whom it has still to declare (社会保险法 art. 58), as itself; how many they are."""
    owed = [
        item
        async for item in _items(client, OFFICER, "insurance", "/v1/enrolments")
        if item["basis"] == "employer" and item["declared_on"] is None and item["unit"] is not None
    ]
    for item in owed:
        path, body = f"/v1/enrolments/{item['enrolment_id']}/declarations", {"starts_on": item["starts_on"]}
        await client.call(f"platform:{item['unit']}", "insurance", "POST", path, json=body)
    return len(owed)


async def close_month(client: Client, month: str) -> None:
    """An officer closes the bills of a month (`YYYY-MM`)."""
    await client.call(OFFICER, "insurance", "POST", "/v1/bill-closings", json={"month": month})


async def release_messages(client: Client) -> None:
    """An officer lets the messages go that are held because later facts might take them back."""
    await client.call(OFFICER, "notifier", "POST", "/v1/message-releases")


async def register_webhook(client: Client, receiver: Receiver) -> str:
    """A platform registers the address of its own server for events; the webhook's id."""
    body = {"url": receiver.url, "types": [f"cn.deyang.{kind}" for kind in TYPES]}
    answer = await client.call(f"platform:{receiver.uscc}", "notifier", "POST", "/v1/webhooks", json=body)
    receiver.secret = answer.json()["secret"]
    return str(answer.json()["id"])


async def webhooks_left(client: Client, receiver: Receiver, webhook: str) -> int:
    """How many events a platform's server was sent and has not taken yet."""
    path = f"/v1/webhooks/{webhook}/attempts"
    taken: dict[str, bool] = {}
    async for attempt in _items(client, f"platform:{receiver.uscc}", "notifier", path):
        taken[attempt["event_id"]] = taken.get(attempt["event_id"], False) or attempt["reason"] == "delivered"
    return list(taken.values()).count(False)


async def begin_broadcast(client: Client, district: str) -> str:
    """An officer writes to the people of a district, and a second one approves it; the broadcast's id. Its text is filed with the
    stand-in of the SMS provider first."""
    text = LESSON["text"].encode()
    await client.http.put(f"{client.urls['sms']}/sandbox/templates/{LESSON['template']}", content=text)
    body = LESSON | {"districts": [district]}
    answer = await client.call(OFFICER, "notifier", "POST", "/v1/broadcasts", json=body)
    path = answer.headers["location"]
    for officer, step in ((OFFICER, "proposal"), (SECOND_OFFICER, "approval")):
        seen = {"if-match": answer.headers["etag"]}
        answer = await client.call(officer, "notifier", "POST", f"{path}/{step}", headers=seen)
    return str(answer.json()["id"])


async def broadcast(client: Client, broadcast_id: str) -> tuple[str, dict[str, int]]:
    """How a broadcast stands, and whom it reached: how many people it concerned, and how many messages went out and arrived."""
    found = await client.officer("notifier", f"/v1/broadcasts/{broadcast_id}")
    return found["state"], {
        "people": found["listed"],
        "given": found["given"],
        "delivered": found["rows"].get("delivered", 0),
    }


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
    bills = [
        _pick(bill, "platform", "month", "orders", "premium")
        async for bill in _items(client, OFFICER, "insurance", "/v1/bills")
    ]
    return {
        "registry": _pick(registry, "workers", "enterprises")
        | {"engagements": _pick(registry["engagements"], "active", "blocked", "ended")},
        "insurance": _pick(insurance, "enrolled", "orders", "premium")
        | {"bills": sorted(bills, key=lambda bill: (bill["platform"], bill["month"]))}
        | _pick(insurance, "claims"),
        "complaints": _pick(complaints, "cases", "leads"),
        "subsidies": _pick(subsidies, "applications") | await applications(client),
        "notifier": _pick(notifier, "sent", "delivered", "failed"),
        **await ways(client),
        "dead_letters": await dead_letters(client),
    }


async def complaints(client: Client) -> dict[str, Any]:
    """How many cases are closed, and how many leads of each kind stand, one by one from the lists."""
    closed = [item async for item in _items(client, OFFICER, "complaints", "/v1/cases") if item["state"] == "closed"]
    standing = Counter[str]()
    async for lead in _items(client, OFFICER, "complaints", "/v1/leads"):
        standing[KINDS.get(lead["kind"], lead["kind"])] += lead["state"] != "withdrawn"
    return {"closed": len(closed), "leads_by_kind": dict(+standing)}


async def applications(client: Client) -> dict[str, int]:
    """How many applications are on public notice, and how many were refused, one by one from the list."""
    states = Counter(one["state"] for one in await all_applications(client))
    return {"on_notice": states["notice"], "refused": states["refused"]}


async def all_applications(client: Client) -> list[dict[str, Any]]:
    """The applications that an officer of the labour department sees, the newest first."""
    return [item async for item in _items(client, OFFICER, "subsidies", "/v1/subsidy-applications")]


async def on_notice(client: Client) -> list[dict[str, Any]]:
    """Those that are on public notice, the oldest first."""
    return [one for one in reversed(await all_applications(client)) if one["state"] == "notice"]


async def sent(client: Client) -> int:
    """How many messages have gone out, or could not to a number that takes none."""
    found = await client.officer("notifier", "/v1/statistics")
    return int(found["sent"]) + int(found["failed"])


async def ways(client: Client) -> dict[str, dict[str, int]]:
    """How many messages went by the app and by SMS, and of these by each provider."""
    channels, providers = Counter({"push": 0, "sms": 0}), Counter[str]()
    for row in (await client.officer("notifier", "/v1/statistics/channels"))["channels"]:
        channels[row["channel"]] += row["sent"]
        if row["provider"] is not None:
            providers[row["provider"]] += row["sent"]
    return {"channels": dict(channels), "providers": dict(providers)}


async def dead_letters(client: Client) -> int:
    """How many events could not be handled, in all services."""
    services = ("registry", "insurance", "complaints", "subsidies", "notifier")
    return sum([(await client.operator(service, "/v1/dead-letters"))["total"] for service in services])


async def _items(client: Client, caller: str, service: str, path: str) -> AsyncIterator[dict[str, Any]]:
    """Everything that a list shows, page by page."""
    cursor: dict[str, str] = {}
    while True:
        page = (await client.call(caller, service, "GET", path, params={"limit": "500"} | cursor)).json()
        for item in page["items"]:
            yield item
        if page["next"] is None:
            return
        cursor = {"cursor": page["next"]}


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
