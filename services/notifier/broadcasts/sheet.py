"""Taking the people of a sheet in as those whom a broadcast goes to.

Rows and faults are stored under the id of a new sheet first, and the broadcast names that sheet last: one that nobody names goes with
its time.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice

from services.notifier.broadcasts import rules, sending
from services.notifier.broadcasts.commands import seen_by
from services.notifier.broadcasts.documents import Broadcast
from services.notifier.recipients.commands import workers_with
from services.notifier.recipients.documents import PHONE as CONTACT_PHONE
from services.notifier.recipients.documents import Contact, contact_id
from services.notifier.sheets.documents import PHONE, UNKNOWN, VALUES, SheetFault, SheetRow
from services.notifier.sheets.reading import read_apart
from services.notifier.sheets.rules import Named, filled, places_of
from shared import clock
from shared.callers import Caller
from shared.errors import RuleBroken
from shared.ids import new_id
from shared.sheets.cells import Fault, NotReadable
from shared.storage.bulk import insert_new
from shared.storage.client import Row, collection_of
from shared.storage.encryption import encrypt_field, lookup_hash
from shared.storage.records import require_revision
from shared.storage.transaction import Transaction, transact

AT_ONCE = 2000
IDS_AT_ONCE = 100


async def take_in(broadcast_id: str, content: bytes, officer: Caller, seen: int) -> Broadcast:
    """Let a draft go to the people of a sheet; raises RuleBroken where it cannot be read."""
    broadcast = await seen_by(officer, broadcast_id)
    _require_draft(broadcast, seen)
    text = broadcast.words[1]
    places = places_of(text)
    try:
        read = await read_apart(content, places)
    except NotReadable as refused:
        raise RuleBroken(refused.kind, refused.zh, refused.en) from None
    workers = await workers_with([one.phone for one in read.named if one.phone is not None])
    there = await _on_file([one.worker for one in read.named if one.worker is not None])
    most = sending.law().number("notifications.broadcast_sms_parts")
    people, faults = await asyncio.to_thread(_people, read.named, workers, there, places, text, most)
    sheet, faults = new_id(), sorted([*read.faults, *faults], key=_place)
    people_of_sheet = iter(people.items())
    while some := await asyncio.to_thread(_rows, sheet, places, islice(people_of_sheet, AT_ONCE)):
        await insert_new(SheetRow, some)
    for start in range(0, len(faults), AT_ONCE):
        await insert_new(SheetFault, list(_faults(sheet, faults, start)))

    async def name(tx: Transaction) -> Broadcast:
        found = await seen_by(officer, broadcast_id, tx)
        _require_draft(found, seen)
        found.sheet, found.sheet_people, found.sheet_faults = sheet, len(people), len(faults)
        found.authors = sorted({*found.authors, officer.subject})
        return await found.put(tx)

    return await transact(name)


def most_parts(text: str) -> int:
    """How many SMS one message is charged as at most: of a text with places, as many as may stand in a sheet."""
    parts = rules.sms_parts(text)
    return max(parts, sending.law().number("notifications.broadcast_sms_parts")) if places_of(text) else parts


def _require_draft(broadcast: Broadcast, seen: int) -> None:
    require_revision(seen, broadcast.revision)
    if broadcast.state != "draft":
        rules.STATES.next(broadcast.state, "propose")  # what can be proposed can be changed


async def _on_file(workers: Sequence[str]) -> dict[str, str]:
    """Which of these people are known, and under which record they are now."""
    found: dict[str, str] = {}
    ids = [contact_id("worker", one) for one in dict.fromkeys(workers)]
    for start in range(0, len(ids), IDS_AT_ONCE):
        some = {"_id": {"$in": ids[start : start + IDS_AT_ONCE]}, "known": True}
        async for row in collection_of(Contact).find(some, {"merged_into": 1}):
            worker_id = row["_id"].partition(":")[2]
            found[worker_id] = row.get("merged_into") or worker_id
    return found


def _people(
    named: Sequence[Named],
    workers: Mapping[str, str],
    there: Mapping[str, str],
    places: Sequence[str],
    text: str,
    most: int,
) -> tuple[dict[str, Named], list[Fault]]:
    """Each person whom a sheet names by the first row that does, and the rows that name nobody, or somebody again."""
    people: dict[str, Named] = {}
    faults: list[Fault] = []
    for one in named:
        if one.phone is not None:
            person = workers.get(one.phone) or f"{UNKNOWN}{lookup_hash(CONTACT_PHONE, one.phone)}"
        elif one.worker is not None and one.worker in there:
            person = there[one.worker]
        else:
            faults.append(Fault(one.cell, "没有该人员编号", "nobody has this worker's id"))
            continue
        if places and rules.sms_parts(filled(text, dict(zip(places, one.values, strict=True)))) > most:
            faults.append(Fault(one.cell, f"填写后的正文超过{most}条短信", f"the text is more than {most} SMS"))
        elif person in people:
            first = people[person].cell
            faults.append(
                Fault(one.cell, f"与{first}为同一人，只发送一次", f"the same person as in {first}, counted once")
            )
        else:
            people[person] = one
    return people, faults


def _place(fault: Fault) -> tuple[int, str]:
    letters = fault.cell.rstrip("0123456789")
    return int(fault.cell[len(letters) :]), letters


def _rows(sheet: str, places: Sequence[str], people: Iterator[tuple[str, Named]]) -> list[Row]:
    return [_row(f"{sheet}:{person}", person, places, one) for person, one in people]


def _row(row_id: str, person: str, places: Sequence[str], named: Named) -> Row:
    row: Row = {"_id": row_id, "recipient": person, "created_at": clock.now(), "updated_at": clock.now(), "revision": 1}
    if named.phone is not None and person.startswith(UNKNOWN):
        row["phone"] = encrypt_field(PHONE, row_id, named.phone)
    if places:
        values = json.dumps(dict(zip(places, named.values, strict=True)), ensure_ascii=False)
        row["values"] = encrypt_field(VALUES, row_id, values)
    return row


def _faults(sheet: str, faults: Sequence[Fault], start: int) -> Iterator[Row]:
    now = clock.now()
    for number, fault in enumerate(faults[start : start + AT_ONCE], start):
        said = {"sheet": sheet, "cell": fault.cell, "zh": fault.zh, "en": fault.en}
        yield {"_id": f"{sheet}:{number:06d}", **said, "created_at": now, "updated_at": now, "revision": 1}
