"""Record rulings without names, have an officer confirm that they are, and find those like a dispute."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from decimal import Decimal

from services.complaints.rulings import likeness, rules
from services.complaints.rulings.documents import REASON, TEXT, WORDS, Ruling, encrypted
from services.complaints.rulings.rules import NEWEST, Likeness, Outcome, RulingForum
from shared import clock
from shared.contracts.complaints import Category
from shared.contracts.platform import Relation
from shared.errors import Conflict, RuleBroken
from shared.ids import new_id
from shared.policy.calendar import shanghai_date
from shared.storage.records import find
from shared.storage.transaction import Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class Recording:
    """A ruling as an officer records it; `names` are replaced in its texts."""

    category: Category
    claims: Sequence[str]
    relation: Relation
    forum: RulingForum
    district: str
    decided_on: dt.date
    outcome: Outcome
    asked: Decimal | None
    granted: Decimal | None
    text: str
    reason: str
    names: Collection[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sought:
    """What rulings are looked for by."""

    category: Category
    claims: Sequence[str]
    relation: Relation
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Similar:
    """A ruling, how like it is, and why: shared claims, the same footing, and the words with what each adds."""

    ruling: Ruling
    score: float
    claims: Sequence[str]
    same_relation: bool
    words: Sequence[tuple[str, float]]


async def record(recording: Recording, by: str, tx: Transaction) -> Ruling:
    """Keep a ruling with its names masked; it is found once another officer has confirmed it. Raises RuleBroken for one of a day to
    come, which would stand before all others where the newest are looked at."""
    if recording.decided_on > shanghai_date(clock.now()):
        raise RuleBroken("decided-in-future", "裁判日期不能晚于今天", "a ruling is not of a day to come")
    ruling_id = new_id()
    text = rules.masked(recording.text, recording.names)
    reason = rules.masked(recording.reason, recording.names)
    words = await asyncio.to_thread(likeness.cut, f"{text}\n{reason}")
    ruling = Ruling(
        id=ruling_id,
        category=recording.category,
        claims=sorted(set(recording.claims)),
        relation=recording.relation,
        forum=recording.forum,
        district=recording.district,
        decided_on=recording.decided_on,
        outcome=recording.outcome,
        asked=recording.asked,
        granted=recording.granted,
        text=encrypted(TEXT, ruling_id, text),
        reason=encrypted(REASON, ruling_id, reason),
        words=encrypted(WORDS, ruling_id, " ".join(words)),
        recorded_by=by,
    )
    return await ruling.put(tx)


async def check(ruling: Ruling, by: str, *, anonymous: bool, tx: Transaction) -> Ruling:
    """Say whether nothing in a ruling tells who somebody is: by another officer than who recorded it."""
    if by == ruling.recorded_by:
        raise Conflict("same-officer", "应由其他人员复核", "another officer than who recorded it confirms")
    ruling.state = rules.STATES.next(ruling.state, "confirm" if anonymous else "reject")
    ruling.checked_by = by
    return await ruling.put(tx)


async def similar(sought: Sought, limit: int) -> list[Similar]:
    """The confirmed rulings of the category that are most like it, among the newest `NEWEST`; reckoned in a thread."""
    wanted = {"category": sought.category, "state": "confirmed"}
    found = await find(Ruling, wanted, sort="-decided_on", limit=NEWEST)
    return await asyncio.to_thread(_ranked, sought, found, limit)


def _ranked(sought: Sought, found: Sequence[Ruling], limit: int) -> list[Similar]:
    ranked = [
        _similar(sought, found[one.place], one)
        for one in likeness.likenesses(likeness.cut(sought.text), [ruling.clear_words for ruling in found])
    ]
    return sorted(ranked, key=lambda one: -one.score)[:limit]


def _similar(sought: Sought, ruling: Ruling, like: Likeness) -> Similar:
    claims, same, factor = rules.weight(sought.claims, sought.relation, ruling.claims, ruling.relation)
    return Similar(ruling=ruling, score=like.score * factor, claims=claims, same_relation=same, words=like.words)
