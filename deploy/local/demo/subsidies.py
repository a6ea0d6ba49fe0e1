"""Two applications to their end: help in hardship that two officers of the union approve and a bank pays, and a training subsidy that
is refused, since nobody knows of the training. What is put on public notice is not over before its days are, and stays there."""

import csv
import io
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from deploy.local.demo.client import OF_UNION, Client
from deploy.local.demo.events import SHANGHAI
from deploy.local.demo.whole_case import OFFICER, OPERATOR, SECOND_OFFICER

FIRST, SECOND, THIRD = OF_UNION
HELP, BUDGET = "1000.00", "5000.00"
"""Yuan: what a person is helped with, and what the union has for it."""
KIND, SOURCE = "hardship", "union_fund"
DUTIES = {FIRST: ["head"], SECOND: ["finance"], THIRD: ["finance"]}
NAME = "演示申请人"
PATH = "/v1/subsidy-applications"


async def fund(client: Client, district: str) -> None:
    """Put those who act on the union's money on its register, and give its help a budget, proposed by one and approved by another."""
    for officer, duties in DUTIES.items():
        by = OPERATOR if officer == FIRST else FIRST
        entry = {"department": "union", "district": "510600", "duties": duties}
        await client.call(by, "subsidies", "PUT", f"/v1/money-officers/{officer}", json=entry)
    change = {
        "year": datetime.now(SHANGHAI).year,
        "kind": KIND,
        "source": SOURCE,
        "district": district,
        "purpose": "allot",
        "amount": BUDGET,
        "reason": "年初预算",
    }
    path = await _made(client, SECOND, "/v1/budget-changes", change)
    await _do(client, THIRD, path, "approval")


async def help_in_hardship(client: Client, worker: str, district: str) -> str:
    """A worker tells of an illness, two people of the union look at it, and two of its officers approve; the application's path."""
    today = _today()
    stated = {"happened": [{"circumstance": "illness", "since": today}], "words": "家人住院，一时没有收入。"}
    path = await _apply(client, worker, KIND, district, stated)
    await _do(client, FIRST, path, "acceptance")
    visit = {"visited_on": today, "companion": SECOND, "found": {"illness": True}, "note": "走访核实，情况属实。"}
    visits = f"/v1/hardship-applications/{path.rpartition('/')[2]}/visits"
    await client.call(FIRST, "subsidies", "POST", visits, json=visit)
    await _do(client, FIRST, path, "review", {"approve": True, "judged": ["worker"], "amount": HELP})
    await _do(client, SECOND, path, "confirmation", {"to_head": False})
    return path


async def refuse_training(client: Client, worker: str, district: str) -> str:
    """A worker applies for a training that nobody has told of, and two officers refuse; the application's path."""
    path = await _apply(client, worker, "training", district, {"course": "未登记的培训", "completed_on": _today()})
    await _do(client, OFFICER, path, "acceptance")
    await _do(client, OFFICER, path, "review", {"approve": False, "against": ["certificate"]})
    await _do(client, SECOND_OFFICER, path, "confirmation", {"to_head": False})
    return path


async def make_batch(client: Client, district: str) -> str:
    """Begin a batch of what is due; its path. It is collected by itself."""
    body = {"kind": KIND, "source": SOURCE, "district": district, "day": _today(), "purpose": "困难帮扶"}
    return await _made(client, SECOND, "/v1/payment-batches", body)


async def pay(client: Client, batch: str) -> None:
    """Approve a batch, take its file to the bank, and send in that each line of it was paid."""
    await _do(client, THIRD, batch, "approval")
    file = await client.call(SECOND, "subsidies", "POST", f"{batch}/exports")
    lines = csv.DictReader(io.StringIO(file.content.decode("gb18030"), newline=""))
    rows = [{"reference": line["流水号"], "amount": line["金额"], "result": "paid"} for line in lines]
    await client.call(SECOND, "subsidies", "POST", f"{batch}/result-rows", json={"rows": rows})


async def figures(client: Client, helped: str, refused: str, batch: str) -> dict[str, Any]:
    """What became of both, what the bank paid, and what of the budget is spent, in yuan."""
    paid = await _read(client, FIRST, helped)
    against = await _read(client, OFFICER, refused)
    lines = await _read(client, THIRD, batch)
    budgets = (await client.call(THIRD, "subsidies", "GET", "/v1/budgets", params={"limit": "500"})).json()["items"]
    spent = sum((Decimal(one["spent"]) for one in budgets if one["source"] == SOURCE), Decimal(0))
    return {
        "paid": int(paid["state"] == "paid"),
        "amount": lines["paid"]["total"],
        "spent": f"{spent:.2f}",
        "refused": int(against["state"] == "refused"),
        "grounds": [ground["code"] for ground in against["grounds"]],
    }


async def _apply(client: Client, worker: str, kind: str, district: str, stated: Mapping[str, Any]) -> str:
    body = {
        "kind": kind,
        "name": NAME,
        "district": district,
        "stated": stated,
        "account": {"holder": NAME, "number": "6222020000000000000"},
    }
    return await _made(client, f"worker:{worker}", PATH, body)


async def _do(client: Client, by: str, path: str, step: str, body: Mapping[str, Any] | None = None) -> None:
    seen = (await client.call(by, "subsidies", "GET", path)).headers["etag"]
    await client.call(by, "subsidies", "POST", f"{path}/{step}", json=body, headers={"if-match": seen})


async def _read(client: Client, by: str, path: str) -> dict[str, Any]:
    found: dict[str, Any] = (await client.call(by, "subsidies", "GET", path)).json()
    return found


async def _made(client: Client, by: str, path: str, body: Mapping[str, Any]) -> str:
    return (await client.call(by, "subsidies", "POST", path, json=body)).headers["location"]


def _today() -> str:
    return f"{datetime.now(SHANGHAI):%Y-%m-%d}"
