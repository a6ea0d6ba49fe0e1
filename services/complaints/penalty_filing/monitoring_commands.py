"""Say of a file that technical equipment recorded it, and review its record, before a penalty rests on it (行政处罚法 art. 41)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from services.complaints.evidence import commands as evidence
from services.complaints.officers.documents import Officer
from services.complaints.penalties import rules, steps
from services.complaints.penalties.confidence import check_silent
from services.complaints.penalties.documents import Penalty, encrypted_text
from services.complaints.penalties.evidence_documents import Monitored
from services.complaints.penalty_filing.evidence_commands import matters
from shared.errors import Conflict, NotFound, RuleBroken
from shared.storage.transaction import Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class Equipment:
    """Which equipment recorded a file, where it stands, since when it is approved in law and technology, and its place public."""

    evidence_id: str
    equipment: str
    place: str
    approved_on: dt.date
    announced_on: dt.date


async def record(penalty: Penalty, of: Equipment, officer: Officer, tx: Transaction) -> Penalty:
    """Say that equipment recorded a file of the penalty, or of what it arose from, before anything is decided. Equipment that was not
    approved, or whose place was not made public, gives no evidence."""
    _check_undecided(penalty)
    await evidence.evidence_among(matters(penalty), of.evidence_id, tx)
    if any(one.evidence_id == of.evidence_id for one in penalty.monitored):
        raise Conflict(
            "monitored-already", "该证据的监控设备信息已登记", "it is known which equipment recorded this file"
        )
    if max(of.approved_on, of.announced_on) > steps.today():
        raise RuleBroken(
            "equipment-day",
            "设备审核、设置地点公布的日期不得晚于今天",
            "equipment is approved, and its place made public, before its record is used",
        )
    await check_silent(penalty, [of.equipment, of.place], tx)
    kept = Monitored(
        evidence_id=of.evidence_id,
        equipment=encrypted_text(penalty.id, of.equipment),
        place=encrypted_text(penalty.id, of.place),
        approved_on=of.approved_on,
        announced_on=of.announced_on,
        by=officer.id,
    )
    penalty.monitored = [*penalty.monitored, kept]
    return await penalty.put(tx)


async def review(
    penalty: Penalty, evidence_id: str, opinion: str, officer: Officer, *, passed: bool, tx: Transaction
) -> Penalty:
    """Review whether a record is true, clear, complete and accurate, as another officer than who investigated or said whence it is."""
    _check_undecided(penalty)
    found = next((one for one in penalty.monitored if one.evidence_id == evidence_id), None)
    if found is None:
        raise NotFound("该监控记录", "the record of the equipment")
    rules.check_officer(officer.id, [*steps.investigators(penalty), found.by])
    reviewed = found.model_copy(
        update={
            "passed": passed,
            "opinion": encrypted_text(penalty.id, opinion),
            "reviewed_by": officer.id,
            "reviewed_on": steps.today(),
        }
    )
    penalty.monitored = [reviewed if one is found else one for one in penalty.monitored]
    return await penalty.put(tx)


def _check_undecided(penalty: Penalty) -> None:
    if penalty.state not in rules.BEFORE:
        raise Conflict("decided-already", "已作出决定或者程序已终结", "it is decided, or over")
