"""Keep, show and read evidence."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from services.complaints.evidence import rules
from services.complaints.evidence.documents import CONTENT, Evidence, EvidencePiece, encrypted_about, encrypted_name
from services.complaints.evidence.rules import Party
from shared import clock, files
from shared.errors import NotFound
from shared.ids import new_id
from shared.policy import calendar
from shared.storage.client import Row
from shared.storage.kinds import TimerKind
from shared.storage.pieces import delete_pieces, read_pieces, store_pieces
from shared.storage.transaction import Transaction

FORGOTTEN: Final = "（已按规定删除）"
REMOVAL = TimerKind("complaints.evidence_removal")
"""The end of the day until which the files of a matter, its key, are kept."""


@dataclass(frozen=True, slots=True)
class File:
    """A file as it was handed in: its name, what it shows, its bytes."""

    name: str
    about: str
    content: bytes


async def keep(
    matter: str, by: Party, file: File, tx: Transaction, *, enterprise: str | None = None, once: bool = False
) -> Evidence:
    """Keep a file as evidence of a matter (`case:<id>`), of several enterprises that of one; raises RuleBroken for one that is not
    taken. `once`: one that the party has handed in before is not kept again."""
    kept = await tx.rows(Evidence, {"matter": matter, "party": by}, {"_id": 1, "sha256": 1, "removed_on": 1})
    files.check_size(len(file.content))
    found, digest = await files.examine(file.content)
    same = [one["_id"] for one in kept if once and one["sha256"] == digest and one.get("removed_on") is None]
    if same:
        return await evidence_among([matter], same[0], tx)
    rules.check_number(len(kept))
    evidence_id, media_type = new_id(), files.media_type(found)
    evidence = Evidence(
        id=evidence_id,
        matter=matter,
        party=by,
        enterprise=enterprise,
        name=encrypted_name(evidence_id, files.file_name(file.name, media_type)),
        about=encrypted_about(evidence_id, file.about),
        media_type=media_type,
        size=len(file.content),
        sha256=digest,
        pieces=await store_pieces(CONTENT, EvidencePiece, evidence_id, file.content, tx),
        shown_to=rules.shown_to(by),
    )
    return await evidence.put(tx)


async def evidence_of(matter: str, evidence_id: str, party: Party, tx: Transaction | None = None) -> Evidence:
    """A file of a matter that a party may see; any other is not found."""
    found = await evidence_among([matter], evidence_id, tx)
    if not rules.may_see(party, found.shown_to):
        raise NotFound("该材料", "the evidence")
    return found


def of_enterprises(own: Collection[str | None]) -> Row:
    """The condition on files that one of several enterprises sees: `own` ones among those that enterprises handed in, and what was
    shown to all."""
    return {"$or": [{"party": {"$ne": "enterprise"}}, {"enterprise": {"$in": [*own]}}, {"to_all": True}]}


def check_enterprise(evidence: Evidence, own: Collection[str | None]) -> None:
    """Raise NotFound for a file that one of several enterprises does not see."""
    if evidence.party == "enterprise" and evidence.enterprise not in own and not evidence.to_all:
        raise NotFound("该材料", "the evidence")


async def evidence_among(matters: Collection[str], evidence_id: str, tx: Transaction | None = None) -> Evidence:
    """A file of one of several matters, whoever may see it; any other is not found."""
    found = await Evidence.of(evidence_id, tx)
    if found is None or found.matter not in matters:
        raise NotFound("该材料", "the evidence")
    return found


async def whose(evidence: Evidence, matters: Collection[str], tx: Transaction) -> Party:
    """Whose a file is: a reporter's also where an officer has handed in the same beside them, in one of several matters."""
    if evidence.party == "enterprise":  # it learns nothing of what is its own
        return evidence.party
    same = {"matter": {"$in": sorted(matters)}, "sha256": evidence.sha256}
    parties = {row["party"] for row in await tx.rows(Evidence, same, {"party": 1})}
    return "reporter" if "reporter" in parties else evidence.party


async def disclose(evidence: Evidence, to: Party, *, confidential: bool, tx: Transaction) -> Evidence:
    """Show a file to a party from now on; raises Conflict where it would tell who asked for confidence, whoever has handed in the
    same file beside them."""
    by = await whose(evidence, [evidence.matter], tx)
    evidence.to_all = evidence.to_all or to == evidence.party
    evidence.shown_to = rules.disclosed(evidence.shown_to, to, confidential=confidential, by=by)
    return await evidence.put(tx)


def keep_until(matter: str, last_day: dt.date, tx: Transaction) -> None:
    """Have the files of a matter removed after a day: who alone they told of is erased, and until then the procedure keeps them."""
    tx.schedule(REMOVAL, matter, calendar.end_of_day(last_day))


def keep_on(matter: str, tx: Transaction) -> None:
    """Keep the files of a matter after all: it goes on."""
    tx.cancel(REMOVAL, matter)


async def remove(matter: str, tx: Transaction) -> None:
    """Remove the files of a matter, with their names (个人信息保护法 art. 47). That there were some stays, with their hashes."""
    tx.cancel(REMOVAL, matter)
    for evidence in await tx.find(Evidence, {"matter": matter}):
        delete_pieces(EvidencePiece, evidence.id, evidence.pieces, tx)
        evidence.name, evidence.about = encrypted_name(evidence.id, FORGOTTEN), encrypted_about(evidence.id, FORGOTTEN)
        evidence.pieces, evidence.removed_on = 0, calendar.shanghai_date(clock.now())
        await evidence.put(tx)


async def content_of(evidence: Evidence) -> bytes:
    """The bytes of a file; one that was removed is not found."""
    if evidence.removed_on is not None:
        raise NotFound("该材料", "the evidence")
    return await read_pieces(CONTENT, EvidencePiece, evidence.id, evidence.pieces)
