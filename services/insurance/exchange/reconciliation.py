"""The daily comparison of our enrolments with the province's, in both directions.

Theirs are read first and ours after, so that whatever the province has is here too; what changed here since the
comparison began is under way, and left to the next one. Differences are stored before anything is mended, so that a
comparison that breaks off loses none; the next one finds and mends the rest.
"""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from services.insurance.differences import commands as differences
from services.insurance.differences.documents import Difference
from services.insurance.differences.rules import MENDS_ITSELF, DifferenceState, Kind
from services.insurance.enrolment.documents import Enrolment, Request
from services.insurance.exchange import rules, sending
from services.insurance.exchange.documents import Reconciliation
from services.insurance.exchange.rules import Facts, Ours, Theirs
from services.insurance.persons import commands as people
from services.insurance.persons.documents import Holder, Merged
from services.insurance.province import client as province
from services.insurance.province.client import Listed, Unanswered
from shared import clock
from shared.contracts.insurance import ReconciliationFinished
from shared.ids import new_id
from shared.messaging.timers import TryAgain
from shared.storage.transaction import Transaction, transact

MENDING_SECONDS = 20.0
"""For how long a comparison mends by itself; what is left then goes on as work of its own."""
AT_ONCE = 50
BY_COMPARISON = MENDS_ITSELF | {
    "unknown_here", "end_unknown_here", "other_end", "other_facts", "answered_otherwise"
}  # fmt: skip


class View:
    """Both sides of a comparison by request number; `skipped` are numbers that are under way."""

    def __init__(self) -> None:
        self.theirs: dict[str, Theirs] = {}
        self.ours: dict[str, Ours] = {}
        self.enrolments: dict[str, str] = {}
        self.skipped: set[str] = set()


@dataclass(frozen=True, slots=True)
class Compared:
    """What a comparison came to: how many requests and differences, and how the differences stand now."""

    run: str
    compared: int
    differences: int
    states: Sequence[DifferenceState]


async def run() -> Compared:
    """Compare, mend what mends itself, and give what the comparison came to; raises `Unanswered`."""
    view, run_id = await _read(), new_id()
    found = rules.compare(view.ours, view.theirs)
    stored: list[str] = []
    in_order = sorted(found)
    for start in range(0, len(in_order), AT_ONCE):
        stored += await transact(partial(_record, in_order[start : start + AT_ONCE], found, view, run_id))
    await _close_gone(view, run_id)
    await _mend(stored)
    states = [one.state for one in [await Difference.of(one) for one in stored] if one is not None]
    return Compared(run_id, len({*view.ours, *view.theirs}), len(found), states)


async def finish(day: str, compared: Compared, tx: Transaction) -> None:
    """Store what a day's comparison came to, and publish it."""
    result = await Reconciliation.of(day, tx)
    assert result is not None
    result.status, result.run, result.finished_at = "finished", compared.run, clock.now()
    result.compared, result.differences = compared.compared, compared.differences
    result.mended, result.to_officer = compared.states.count("mended"), compared.states.count("open")
    await result.put(tx)
    tx.publish(
        ReconciliationFinished(
            day=dt.date.fromisoformat(day),
            compared=result.compared,
            differences=result.differences,
            mended=result.mended,
            to_officer=result.to_officer,
        )
    )


async def _read() -> View:
    began, view = clock.now(), View()
    began = began.replace(microsecond=began.microsecond // 1000 * 1000)  # as finely as the database keeps it
    listed = [one async for one in province.list_enrolments()]
    persons = await _persons()
    async for enrolment in Enrolment.find_all():
        if enrolment.updated_at >= began:
            view.skipped |= {request.number for request in enrolment.requests}
            continue
        for request in enrolment.requests:
            view.ours[request.number] = _ours(request, persons)
            view.enrolments[request.number] = enrolment.id
    known = frozenset(persons.values())
    view.theirs = {one.request_number: _theirs(one, known) for one in listed if one.request_number not in view.skipped}
    return view


async def _persons() -> dict[str, str]:
    """The hash of each worker's id number, also under the ids that their record had before."""
    hashes = {one.worker_id: one.id async for one in Holder.find_all() if one.worker_id is not None}
    into = {one.id: one.worker_id async for one in Merged.find_all()}
    for old, new in into.items():
        seen = {old}
        while new in into and new not in seen:
            seen.add(new)
            new = into[new]
        if new in hashes:
            hashes[old] = hashes[new]
    return hashes


def _ours(request: Request, persons: Mapping[str, str]) -> Ours:
    person = persons.get(request.worker_id)
    facts = Facts(request.scheme, person, request.unit, request.district, request.starts_on) if person else None
    return Ours(facts, request.status, request.ends_on, request.end_receipt is not None)


def _theirs(listed: Listed, known: frozenset[str]) -> Theirs:
    person = people.hash_among(listed.id_number, known)
    facts = Facts(listed.scheme, person, listed.uscc, listed.district, listed.starts_on)
    return Theirs(facts, listed.status, listed.ends_on, listed.end_receipt)


async def _record(numbers: list[str], found: Mapping[str, Kind], view: View, run_id: str, tx: Transaction) -> list[str]:
    kept = []
    for number in numbers:
        ours, theirs = view.ours.get(number), view.theirs.get(number)
        facts = (ours.facts if ours else None) or (theirs.facts if theirs else None)
        difference = await differences.find(
            number,
            found[number],
            tx,
            enrolment=view.enrolments.get(number),
            district=facts.district if facts else None,
            ours=_said(ours) if ours else None,
            theirs=_said(theirs) if theirs else None,
            run=run_id,
        )
        kept.append(difference.id)
    return kept


def _said(side: Ours | Theirs) -> dict[str, str | None]:
    """What a side says, for an officer's eyes: no hash of a person, only everything else."""
    said: dict[str, str | None] = {
        "status": side.status,
        "ends_on": side.ends_on.isoformat() if side.ends_on else None,
    }
    if side.facts is not None:
        facts = side.facts
        said |= {"scheme": facts.scheme, "uscc": facts.uscc, "starts_on": facts.starts_on.isoformat()}
    return said


async def _close_gone(view: View, run_id: str) -> None:
    """Close what an earlier comparison found and this one did not."""
    for state in ("open", "mending", "resolved"):
        async for known in Difference.find({"state": state}):
            if known.kind in BY_COMPARISON and known.run != run_id and known.number not in view.skipped:
                await transact(partial(differences.vanish, known.number, known.kind))


async def _mend(ids: list[str]) -> None:
    """Mend one after the other while the province answers and there is time; the rest goes on as work of its own."""
    until, away = time.monotonic() + MENDING_SECONDS, False
    for difference_id in ids:
        difference = await Difference.of(difference_id)
        if difference is None or difference.state != "mending":
            continue
        if not away and time.monotonic() < until:
            try:
                mended = await sending.mend(difference)
                await transact(partial(sending.record_mended, difference.id, mended))
                continue
            except Unanswered:
                away = True
            except TryAgain:
                pass
        await transact(partial(_later, difference.id))


async def _later(key: str, tx: Transaction) -> None:
    tx.schedule(differences.MEND, key, clock.now())
