"""Two applications to their end: help in hardship that two officers of the union approve and a bank pays, and a training subsidy that
is refused, since nobody knows of the training. Those of the other kinds are in `kinds`."""

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from deploy.local.demo.client import OF_UNION, Client
from deploy.local.demo.events import SHANGHAI
from deploy.local.demo.whole_case import OFFICER, OPERATOR, SECOND_OFFICER

FIRST, SECOND, THIRD = OF_UNION
HELP = "1000.00"
"""Yuan that a person is helped with."""
NAME = "演示申请人"
PATH = "/v1/subsidy-applications"


@dataclass(frozen=True)
class Fund:
    """Money for a kind of application: its source, the department that keeps it with three of its officers (the head, and two of
    whom one proposes and another approves), the budget in yuan, and what its payments are for."""

    kind: str
    source: str
    department: str
    officers: tuple[str, str, str]
    budget: str
    purpose: str


HARDSHIP = Fund("hardship", "union_fund", "union", OF_UNION, "5000.00", "困难帮扶")


async def put_on_register(client: Client, fund: Fund) -> None:
    """Put those who act on a department's money on its register."""
    head = fund.officers[0]
    for officer in fund.officers:
        duties = ["head"] if officer == head else ["finance"]
        entry = {"department": fund.department, "district": "510600", "duties": duties}
        by = OPERATOR if officer == head else head
        await client.call(by, "subsidies", "PUT", f"/v1/money-officers/{officer}", json=entry)


async def allot(client: Client, fund: Fund, district: str, day: date) -> None:
    """Give a kind its budget of the year of a day, proposed by one and approved by another."""
    _, maker, second = fund.officers
    change = {
        "year": day.year,
        "kind": fund.kind,
        "source": fund.source,
        "district": district,
        "purpose": "allot",
        "amount": fund.budget,
        "reason": "年初预算",
    }
    path = await _made(client, maker, "/v1/budget-changes", change)
    await step(client, second, path, "approval")


async def help_in_hardship(client: Client, worker: str, district: str) -> str:
    """A worker tells of an illness, two people of the union look at it, and two of its officers approve; the application's path."""
    day = f"{today()}"
    stated = {"happened": [{"circumstance": "illness", "since": day}], "words": "家人住院，一时没有收入。"}
    path = await apply(client, f"worker:{worker}", "hardship", district, stated)
    await step(client, FIRST, path, "acceptance")
    visit = {"visited_on": day, "companion": SECOND, "found": {"illness": True}, "note": "走访核实，情况属实。"}
    visits = f"/v1/hardship-applications/{path.rpartition('/')[2]}/visits"
    await client.call(FIRST, "subsidies", "POST", visits, json=visit)
    await step(client, FIRST, path, "review", {"approve": True, "judged": ["worker"], "amount": HELP})
    await step(client, SECOND, path, "confirmation", {"to_head": False})
    return path


async def refuse_training(client: Client, worker: str, district: str) -> str:
    """A worker applies for a training that nobody has told of, and two officers refuse; the application's path."""
    path = await apply(
        client, f"worker:{worker}", "training", district, {"course": "未登记的培训", "completed_on": f"{today()}"}
    )
    await step(client, OFFICER, path, "acceptance")
    await step(client, OFFICER, path, "review", {"approve": False, "against": ["certificate"]})
    await step(client, SECOND_OFFICER, path, "confirmation", {"to_head": False})
    return path


async def make_batch(client: Client, fund: Fund, district: str, day: date) -> str:
    """Begin a batch of what is due on a day; its path. It is collected by itself."""
    body = {"kind": fund.kind, "source": fund.source, "district": district, "day": f"{day}", "purpose": fund.purpose}
    return await _made(client, fund.officers[1], "/v1/payment-batches", body)


async def pay(client: Client, fund: Fund, batch: str) -> None:
    """Approve a batch, take its file to the bank, and send in that each line of it was paid."""
    _, maker, second = fund.officers
    await step(client, second, batch, "approval")
    file = await client.call(maker, "subsidies", "POST", f"{batch}/exports")
    lines = csv.DictReader(io.StringIO(file.content.decode("gb18030"), newline=""))
    rows = [{"reference": line["流水号"], "amount": line["金额"], "result": "paid"} for line in lines]
    await client.call(maker, "subsidies", "POST", f"{batch}/result-rows", json={"rows": rows})


async def spent(client: Client, fund: Fund) -> str:
    """What of a source is spent, in yuan."""
    found = await client.call(fund.officers[2], "subsidies", "GET", "/v1/budgets", params={"limit": "500"})
    of_source = (Decimal(one["spent"]) for one in found.json()["items"] if one["source"] == fund.source)
    return f"{sum(of_source, Decimal(0)):.2f}"


async def figures(client: Client, helped: str, refused: str, batch: str) -> dict[str, Any]:
    """What became of both, what the bank paid, and what of the budget is spent, in yuan."""
    paid = await read(client, FIRST, helped)
    against = await read(client, OFFICER, refused)
    lines = await read(client, THIRD, batch)
    return {
        "paid": int(paid["state"] == "paid"),
        "amount": lines["paid"]["total"],
        "spent": await spent(client, HARDSHIP),
        "refused": int(against["state"] == "refused"),
        "grounds": [ground["code"] for ground in against["grounds"]],
    }


async def apply(client: Client, by: str, kind: str, district: str, stated: Mapping[str, Any]) -> str:
    """An application of a kind; its path."""
    body = {
        "kind": kind,
        "name": NAME,
        "district": district,
        "stated": stated,
        "account": {"holder": NAME, "number": "6222020000000000000"},
    }
    return await _made(client, by, PATH, body)


async def step(client: Client, by: str, path: str, name: str, body: Mapping[str, Any] | None = None) -> None:
    """A step with what is there as it stands now."""
    seen = (await client.call(by, "subsidies", "GET", path)).headers["etag"]
    await client.call(by, "subsidies", "POST", f"{path}/{name}", json=body, headers={"if-match": seen})


async def read(client: Client, by: str, path: str) -> dict[str, Any]:
    """What is there as somebody reads it."""
    found: dict[str, Any] = (await client.call(by, "subsidies", "GET", path)).json()
    return found


async def _made(client: Client, by: str, path: str, body: Mapping[str, Any]) -> str:
    return (await client.call(by, "subsidies", "POST", path, json=body)).headers["location"]


def today() -> date:
    """The legal day."""
    return datetime.now(SHANGHAI).date()
