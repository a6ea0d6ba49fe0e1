"""Whom a broadcast concerns, and the rows that it makes of them: deliveries that are listed until their turn."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from services.notifier.broadcasts.documents import Broadcast, Standing
from services.notifier.deliveries.documents import Delivery
from services.notifier.recipients.documents import Contact, contact_id
from services.notifier.sheets.documents import SheetRow
from shared import clock, faults
from shared.storage.bulk import insert_new
from shared.storage.client import Row, collection_of
from shared.storage.writes import encode

BATCH = 10_000
"""Engagements that are gone through at once."""
IDS_AT_ONCE = 100
EXAMPLES = 3

Place = tuple[int, str]
"""How far the rows of a broadcast are made: see `Broadcast`."""


@dataclass(frozen=True, slots=True)
class Listed:
    """What was gone through: from which place to which."""

    seen: Place
    reached: Place


def concerned(broadcast: Broadcast, districts: Sequence[str]) -> dict[str, Any]:
    """The engagements that a broadcast concerns in some districts: of those on file when it was approved, those that stand."""
    wanted: dict[str, Any] = {"district": {"$in": list(districts)} if len(districts) > 1 else districts[0]}
    wanted["standing"] = True
    if broadcast.industries:
        wanted["industry"] = {"$in": broadcast.industries}
    if broadcast.platforms:
        wanted["platform"] = {"$in": broadcast.platforms}
    if broadcast.approved_at is not None:
        wanted["created_at"] = {"$lte": broadcast.approved_at}
    return wanted


async def size(broadcast: Broadcast) -> int:
    """How many people a broadcast concerns now."""
    if broadcast.sheet is not None:
        return await collection_of(SheetRow).count_documents(of_sheet(broadcast.sheet))
    people: list[Row] = [{"$group": {"_id": "$worker_id"}}, {"$group": {"_id": None, "people": {"$sum": 1}}}]
    wanted = {"$match": concerned(broadcast, broadcast.districts)}
    found = await collection_of(Standing).aggregate([wanted, *people]).to_list(1)
    return int(found[0]["people"]) if found else 0


def of_sheet(sheet: str, after: str = "") -> Row:
    """The rows of a sheet, behind an id."""
    return {"_id": {"$gt": after or f"{sheet}:", "$lt": f"{sheet};"}}


async def sheet_examples(sheet: str) -> list[tuple[SheetRow, Contact | None]]:
    """Some of the people of a sheet, with their contact where they are on file."""
    rows = await SheetRow.find(of_sheet(sheet)).limit(EXAMPLES).to_list()
    return [(row, await Contact.of(contact_id("worker", row.recipient))) for row in rows]


async def examples(broadcast: Broadcast) -> list[tuple[Row, Contact]]:
    """Some of the people concerned who can be reached: engagement and contact."""
    found: dict[str, tuple[Row, Contact]] = {}
    for district in broadcast.districts:
        rows = await collection_of(Standing).find(concerned(broadcast, [district])).limit(4 * EXAMPLES).to_list(None)
        for row in rows:
            contact = await Contact.of(contact_id("worker", row["worker_id"]))
            if contact is not None and contact.known and len(found) < EXAMPLES:
                found[row["worker_id"]] = (row, contact)
        if len(found) == EXAMPLES:
            break
    return list(found.values())


async def list_some(broadcast: Broadcast) -> Listed:
    """Make the next rows that are not there yet. Done again, it makes none twice: the ids say of whom they are."""
    seen = broadcast.reached, broadcast.after
    if broadcast.reached == len(broadcast.districts):
        return Listed(seen, seen)
    if broadcast.sheet is not None:
        wanted, district = of_sheet(broadcast.sheet, broadcast.after), broadcast.district
        found = collection_of(SheetRow).find(wanted, {"recipient": 1})
    else:
        district = broadcast.districts[broadcast.reached]
        wanted = {**concerned(broadcast, [district]), "_id": {"$gt": broadcast.after}}
        found = collection_of(Standing).find(wanted, {"worker_id": 1})
    rows = await found.sort("_id", 1).limit(BATCH).to_list(None)
    people = [row["worker_id" if broadcast.sheet is None else "recipient"] for row in rows]
    workers = {row_id(broadcast, one): one for one in people}
    # at first next to all are missing, and are not looked for
    missing = workers.keys() - (await _there(sorted(workers)) if broadcast.listed else set())
    like = _row(broadcast, district)
    await insert_new(Delivery, [{**like, "_id": one, "recipient": workers[one]} for one in sorted(missing)])
    faults.reach("broadcast.listed")
    more = len(rows) == BATCH
    if more:
        return Listed(seen, (broadcast.reached, rows[-1]["_id"]))
    return Listed(seen, (len(broadcast.districts) if broadcast.sheet else broadcast.reached + 1, ""))


def row_id(broadcast: Broadcast, person: str) -> str:
    """The id of a person's row."""
    return f"{broadcast.id}:{person}"


async def _there(ids: Sequence[str]) -> set[str]:
    """Those of these rows that are there."""
    deliveries = collection_of(Delivery)
    parts = [ids[start : start + IDS_AT_ONCE] for start in range(0, len(ids), IDS_AT_ONCE)]
    asked = (deliveries.find({"_id": {"$in": part}}, {"_id": 1}).to_list(None) for part in parts)
    return {row["_id"] for rows in await asyncio.gather(*asked) for row in rows}


def _row(broadcast: Broadcast, district: str) -> Row:
    """What the rows of a district have in common, without what is null: they are many, and wait."""
    row = encode(
        Delivery(
            template=broadcast.template,
            kind="worker",
            recipient=None,
            district=district,
            params={},
            broadcast=broadcast.id,
            urgent=broadcast.urgent,
            state="listed",
            told_at=clock.now(),
            revision=1,
        )
    )
    return {name: value for name, value in row.items() if value is not None}
