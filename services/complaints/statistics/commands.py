"""Count matters. An event only says which one has changed: how it counts is read from the matter itself, and what was counted of
it before is taken back. So no order and no redelivery makes a difference.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import partial
from itertools import islice
from typing import Final, Literal

import msgspec

from services.complaints.cases.documents import Case
from services.complaints.leads.documents import Lead
from services.complaints.statistics.documents import Counted, Tally
from services.complaints.statistics.rules import NONE, Entry, Matter, period_of, place_of, working_days
from services.complaints.terms.documents import Term
from shared import clock
from shared.policy.calendar import shanghai_date
from shared.running import Running
from shared.storage.client import collection_of
from shared.storage.kinds import TimerKind
from shared.storage.records import Record
from shared.storage.transaction import Transaction, transact

AT_ONCE: Final = 50


Counting = Literal["case", "lead", "term", "rating"]


class Behind(msgspec.Struct, frozen=True):
    """Matters of before there were counters, after one (empty: from the first)."""

    matter: Counting
    after: str = ""


BEHIND = TimerKind("complaints.count_matters", Behind)
BEGUN: Final[dict[str, tuple[Counting, ...]]] = {
    "begun": ("case", "lead"),
    "begun:terms": ("term",),
    "begun:ratings": ("rating",),
}
"""What was begun to be counted, by the mark that says so: the terms of all matters later than cases and leads, ratings
last."""
STEPS: Final = {"accept": "accept", "refuse": "accept", "decide": "decide", "close": "close"}
"""The step that a move of a case ends."""


async def count_cases(case_ids: Iterable[str]) -> None:
    """Count cases and their terms anew."""
    for some in _chunks(case_ids):
        await transact(partial(_cases, some))


async def count_leads(lead_ids: Iterable[str]) -> None:
    """Count leads anew."""
    for some in _chunks(lead_ids):
        await transact(partial(_leads, some))


async def count_terms(matters: Iterable[tuple[str, str]]) -> None:
    """Count the terms of matters (`kind`, `id`) anew."""
    for kind, matter_id in sorted(set(matters)):
        await transact(partial(_terms, kind, [matter_id]))


async def begin(running: Running | None = None) -> None:
    """Have the matters counted that are there, once."""
    await transact(_begin)


async def _begin(tx: Transaction) -> None:
    for mark, matters in BEGUN.items():
        if await Counted.of(mark, tx) is None:
            await Counted(id=mark, cell="", names=[]).put(tx)
            for behind in map(Behind, matters):
                tx.schedule(BEHIND, behind.matter, clock.now(), behind)


async def count_some(behind: Behind, tx: Transaction) -> Behind | None:
    """Count the next matters; where to go on, or None at the end."""
    document: type[Record] = {"case": Case, "lead": Lead, "term": Term, "rating": Case}[behind.matter]
    reading = collection_of(document).find({"_id": {"$gt": behind.after}}, {"_id": 1}, session=tx.session)
    ids = [row["_id"] for row in await reading.sort([("_id", 1)]).limit(AT_ONCE).to_list(None)]
    if not ids:
        return None
    counting = {"case": _cases, "lead": _leads, "term": _terms_by_id, "rating": count_ratings}
    await counting[behind.matter](ids, tx)
    return Behind(behind.matter, ids[-1])


async def _cases(ids: Sequence[str], tx: Transaction) -> None:
    cases = await tx.find(Case, {"_id": {"$in": list(ids)}})
    await _count("case", {case.id: _of_case(case) for case in cases}, tx)
    await _count("rating", _ratings_of(cases), tx)
    await _terms("case", ids, tx)


async def count_ratings(ids: Sequence[str], tx: Transaction) -> None:
    """Count the ratings of cases anew."""
    await _count("rating", _ratings_of(await tx.find(Case, {"_id": {"$in": list(ids)}})), tx)


async def _leads(ids: Sequence[str], tx: Transaction) -> None:
    leads = await tx.find(Lead, {"_id": {"$in": list(ids)}})
    await _count("lead", {lead.id: _of_lead(lead) for lead in leads}, tx)


async def _terms(kind: str, ids: Sequence[str], tx: Transaction) -> None:
    terms = await tx.find(Term, {"matter_kind": kind, "matter_id": {"$in": list(ids)}})
    await _count("term", {term.id: _of_term(term) for term in terms}, tx)


async def _terms_by_id(ids: Sequence[str], tx: Transaction) -> None:
    terms = await tx.find(Term, {"_id": {"$in": list(ids)}})
    await _count("term", {term.id: _of_term(term) for term in terms}, tx)


def _of_case(case: Case) -> Entry:
    opened = shanghai_date(case.created_at)
    ending = case.outcome or case.ground or ("to_dispute" if case.ending == "to_dispute" else None)
    steps: dict[str, int] = {}
    for one in case.history:
        step = STEPS.get(one.move)
        if step is not None and step not in steps:
            steps[step] = working_days(opened, shanghai_date(one.at))
    return Entry(
        matter="case",
        month=f"{opened:%Y-%m}",
        district=case.district,
        department=case.lead_department,
        kind=case.category,
        enterprise=case.platform or NONE,
        outcome=case.state if ending is None else f"{case.state}:{ending}",
        steps=steps,
    )


def _ratings_of(cases: Iterable[Case]) -> dict[str, Entry]:
    """The last rating of each case that has one. One that was erased stays counted: a number names nobody."""
    found: dict[str, Entry] = {}
    for case in cases:
        last = case.rating or next(reversed(case.earlier_ratings), None)
        if last is not None:
            found[case.id] = replace(_of_case(case), matter="rating", outcome=str(last.grade), steps={})
    return found


def _of_lead(lead: Lead) -> Entry:
    raised = shanghai_date(lead.created_at)
    decided = lead.decision
    return Entry(
        matter="lead",
        month=f"{raised:%Y-%m}",
        district=lead.district,
        department=lead.lead_department,
        kind=lead.kind,
        enterprise=lead.platform,
        outcome=lead.state,
        steps={} if decided is None else {"decide": working_days(raised, shanghai_date(decided.at))},
    )


def _of_term(term: Term) -> Entry:
    late = term.met_on is not None and term.met_on > term.due
    outcome: str = term.state
    if late or (term.breached_at is not None and term.state == "met"):
        outcome = "met_late"
    elif term.breached_at is not None:
        outcome = "missed"
    taken = {} if term.met_on is None else {"taken": working_days(term.begun_on, term.met_on)}
    return Entry(
        matter="term",
        month=f"{term.begun_on:%Y-%m}",
        district=term.district,
        department=term.department,
        kind=f"{term.matter_kind}:{term.step}:{term.length} {term.unit}",
        enterprise=NONE,
        outcome=outcome,
        steps=taken,
    )


async def _count(matter: Matter, entries: dict[str, Entry], tx: Transaction) -> None:
    keys = {f"{matter}|{one}": entry for one, entry in entries.items()}
    await tx.load(Counted, keys)
    changes: defaultdict[str, defaultdict[str, int]] = defaultdict(lambda: defaultdict(int))
    for key, entry in keys.items():
        known = await Counted.of(key, tx)
        if known is not None and (known.cell, known.names) == (entry.cell, entry.names):
            continue
        for name in entry.names:
            changes[entry.cell][name] += 1
        if known is not None:
            for name in known.names:
                changes[known.cell][name] -= 1
        values = {"cell": entry.cell, "names": entry.names}
        await (Counted(id=key, **values) if known is None else known.changed(values)).put(tx)
    period = period_of(shanghai_date(clock.now()))
    for cell, changed in sorted(changes.items()):
        change = {f"n.{name}": by for name, by in changed.items() if by}
        if change:
            place = {**place_of(cell), "period": period}
            tx.update(Tally, f"{cell}|{period}", {"$inc": change, "$setOnInsert": place}, upsert=True)


def _chunks(ids: Iterable[str]) -> Iterable[list[str]]:
    left = iter(sorted(set(ids)))
    while some := list(islice(left, AT_ONCE)):
        yield some
