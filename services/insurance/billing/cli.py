"""The operator's commands on premiums: `python -m services.insurance recompute` and `reprice`."""

from __future__ import annotations

import csv
import dataclasses
import sys
from argparse import ArgumentParser, Namespace

from services.insurance.billing import recomputation as recomputing
from services.insurance.billing.documents import Bill
from services.insurance.billing.recomputation import Difference
from services.insurance.rates.commands import reprice_since
from shared.commands import Command
from shared.policy.calendar import first_day
from shared.storage.transaction import transact


def _month(text: str) -> str:
    if f"{first_day(text):%Y-%m}" != text:
        raise ValueError(text)
    return text


def _declare_recompute(parser: ArgumentParser) -> None:
    parser.add_argument("--month", type=_month, required=True, help="YYYY-MM")
    parser.add_argument("--platform", help="only this platform, by its credit code")


def _declare_reprice(parser: ArgumentParser) -> None:
    parser.add_argument("--since", type=_month, required=True, help="the first month, YYYY-MM")
    parser.add_argument("--platform", help="only this platform, by its credit code")


async def recompute(arguments: Namespace) -> int:
    """Calculate a month again from the ledger, print what differs, and answer 1 where anything does."""
    month, platform = arguments.month, arguments.platform
    differences: list[Difference] = []
    bills = entries = orders = count = 0
    for uscc in await recomputing.platforms_of(month, platform):
        bill = await Bill.of(f"{uscc}|{month}")
        found = [await recomputing.unbilled(uscc, month)]
        if bill is None:
            found.append(await recomputing.no_bill(uscc, month))
        elif bill.status != "draft":  # a draft is being filled
            found.append(await recomputing.bill(bill))
            bills += 1
        for one in found:
            entries += one.charged.entries + one.corrected.entries
            orders += one.orders
            count += one.count
            differences += one.differences
    apart = await recomputing.unlisted(month, platform)
    count += apart.count
    differences += apart.differences
    print(f"{month}: {bills} bills, {entries} entries, {orders} charged orders, {count} differences")
    if count:
        lines = csv.writer(sys.stdout)
        lines.writerow(field.name for field in dataclasses.fields(Difference))
        lines.writerows(dataclasses.astuple(one) for one in differences)
    return 1 if count else 0


async def reprice(arguments: Namespace) -> int:
    """Have orders priced again from a month on by the running service; corrections come into the next bills."""
    since, platform = arguments.since, arguments.platform
    priced = await transact(lambda tx: reprice_since(since, platform, tx))
    print(f"orders of {len(priced)} platforms are being priced again from {since} on")
    return 0 if priced or platform is None else 1


COMMANDS = (
    Command(
        "recompute",
        "calculate a month's bills again from the ledger and show differences",
        _declare_recompute,
        recompute,
    ),
    Command(
        "reprice", "price orders again from a month on, after a rate was published late", _declare_reprice, reprice
    ),
)
