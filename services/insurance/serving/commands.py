"""Record the service of a claim's letters: from it, and from nothing else, the terms to contest them run."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from services.insurance.claims import deadlines, rules
from services.insurance.claims.documents import Claim
from services.insurance.claims.history import By, note
from services.insurance.claims.step_documents import Appeal, Assessment
from services.insurance.letters.documents import EVIDENCE, Corrected, Served
from services.insurance.letters.rules import service_on
from services.insurance.serving.rules import check_new, served_on, terms
from shared import clock
from shared.contracts.insurance import ClaimLetterServed, Letter, ServiceWay, Side
from shared.errors import Conflict, RuleBroken
from shared.policy.contesting import is_late, latest
from shared.policy.parameters import parameters
from shared.policy.serving import check_day, check_way
from shared.storage.encryption import encrypt_field
from shared.storage.kinds import TimerKind
from shared.storage.provisional import Stored
from shared.storage.transaction import Transaction

CALENDAR = TimerKind("insurance.service_calendar")


@dataclass(frozen=True, slots=True)
class Way:
    """How and when a letter was served: the day of receipt, or of an announcement that of its publication; what proves it, and
    whether the party has agreed to electronic service."""

    way: ServiceWay
    on: dt.date
    evidence: str
    agreed: bool


STORED = Stored(
    CALENDAR,
    Claim,
    lambda since: {
        "$or": [
            {f"{letter}.served.{term}": {"$gte": since}}
            for letter, term in (
                ("decisions", "review_by"),
                ("decisions", "court_by"),
                ("assessments", "again_by"),
                ("appeals", "court_by"),
            )
        ]
    },
)
"""Claims with a term from a service on: it is reckoned from the service alone."""


def serve(
    claim: Claim, letter: Letter, party: Side, way: ServiceWay, on: dt.date, evidence: str, agreed: bool, by: By,
    tx: Transaction,
) -> None:  # fmt: skip
    """Record that the latest letter of a kind was served on a party, with what proves it; raises Conflict, RuleBroken.

    `on`: the day of receipt; of an announcement, that of its publication, which counts once its term is over. `agreed`: the
    party has agreed to electronic service.
    """
    made_on, served, final = _letter_of(claim, letter, party)
    one = _service(claim, letter, party, Way(way, on, evidence, agreed), made_on, served, final, by)
    note(claim, "served", by, f"{letter} {party} {way}", one.used)
    _judge_again(claim, party)  # a service may be recorded after the appeal that followed it
    _follow(claim, by, tx)
    tx.publish(_told(claim, letter, one))


def correct(claim: Claim, letter: Letter, party: Side, reason: str, anew: Way | None, by: By, tx: Transaction) -> None:
    """Record that the service of a letter which counts for a party was recorded wrongly, and how it was served, None where it was not.

    What ran from it runs from the right service, or not at all; the wrong one stays on file. Raises Conflict, RuleBroken.
    """
    made_on, served, final = _letter_of(claim, letter, party)
    wrong = service_on(party, served)
    if wrong is None:
        raise Conflict("not-served", "该文书尚未向该当事人送达", "the letter was not served on this party")
    wrong.corrected = Corrected(reason=encrypt_field(EVIDENCE, claim.id, reason), by=by.subject, at=by.at)
    one = None if anew is None else _service(claim, letter, party, anew, made_on, served, final, by)
    note(claim, "service_corrected", by, f"{letter} {party}", one.used if one else ())
    _judge_again(claim, party)
    _follow(claim, by, tx)
    if one is not None:
        tx.publish(_told(claim, letter, one))


def _service(
    claim: Claim, letter: Letter, party: Side, by_way: Way, made_on: dt.date, served: list[Served], final: bool, by: By
) -> Served:
    way, on = by_way.way, by_way.on
    check_way(way, by_way.agreed)
    check_day(on, made_on, by.day)
    law_then = parameters.on(on, place=claim.district)
    counts_from = served_on(way, on, law_then)
    check_new(party, counts_from, served)
    law = parameters.on(counts_from, place=claim.district)
    found = terms(letter, counts_from, law, final=final)
    one = Served(
        party=party,
        way=way,
        on=on,
        served_on=counts_from,
        review_by=found.review_by,
        court_by=found.court_by,
        again_by=found.again_by,
        evidence=encrypt_field(EVIDENCE, claim.id, by_way.evidence),
        by=by.subject,
        at=by.at,
        used=[*law_then.used, *law.used],
    )
    served.append(one)
    return one


def _follow(claim: Claim, by: By, tx: Transaction) -> None:
    """Let the terms of the parties, and that to serve the decision, follow the services."""
    deadlines.set_serving(claim, tx)
    deadlines.set_next_appeal(claim, by.day, tx)


def _judge_again(claim: Claim, party: Side) -> None:
    """Say anew of a party's appeals against the decision that stands whether they were late."""
    decision = claim.decisions[-1]
    own = [one for one in claim.appeals if one.decision == decision.number and one.side == party]
    for number, one in enumerate(own):
        term = deadlines.appeal_term(claim, own[:number], one.way, party)
        law = parameters.on(one.filed_on, place=claim.district)
        one.late = is_late(one.filed_on, term, latest(one.way, decision.decided_on, law))


def _told(claim: Claim, letter: Letter, one: Served) -> ClaimLetterServed:
    return ClaimLetterServed(
        **claim.facts(),
        letter=letter,
        party=one.party,
        way=one.way,
        served_on=one.served_on,
        review_by=one.review_by,
        court_by=one.court_by,
        again_by=one.again_by,
    )


async def recalculate(claim_id: str, tx: Transaction) -> None:
    """Reckon what runs from a claim's services by the days off that are published now."""
    claim = await Claim.of(claim_id, tx)
    if claim is None:
        return
    changed = False
    for letter, final, served in _all_letters(claim):
        for one in served:
            counts_from = served_on(one.way, one.on, parameters.on(one.on, place=claim.district))
            found = terms(letter, counts_from, parameters.on(counts_from, place=claim.district), final=final)
            now = (counts_from, found.review_by, found.court_by, found.again_by)
            if now != (one.served_on, one.review_by, one.court_by, one.again_by):
                one.served_on, one.review_by, one.court_by, one.again_by = now
                changed = True
    known = dict(claim.due)
    if changed and claim.state not in rules.UNDECIDED:
        for party in claim.parties:
            _judge_again(claim, party)
    if claim.decisions and claim.state not in rules.UNDECIDED and {"appeal", "serve"} & {*known}:
        _follow(claim, By("system", "system", clock.now()), tx)
    if changed or claim.due != known:
        await claim.put(tx)


def _all_letters(claim: Claim) -> Iterator[tuple[Letter, bool, list[Served]]]:
    yield from (("decision", False, one.served) for one in claim.decisions)
    yield from (("assessment", one.kind == "again", one.served) for one in claim.assessments)
    yield from (("review", True, one.served) for one in claim.appeals)


def _letter_of(claim: Claim, letter: Letter, party: Side) -> tuple[dt.date, list[Served], bool]:
    """The latest letter of a kind: when it was made, its services, and whether it is an assessment that is final.

    Raises Conflict where there is none that stands, RuleBroken where the party is none of it.
    """
    if party not in claim.parties:
        raise RuleBroken("no-such-party", "本案没有该当事人", "the claim has no such party")
    if claim.state in rules.UNDECIDED or not claim.decisions:
        raise _no_letter()
    decision = claim.decisions[-1]
    match letter:
        case "decision":
            return decision.decided_on, decision.served, False
        case "assessment":
            made = [one for one in claim.assessments if one.decision == decision.number]
            return _assessed(made)
        case "review":
            return _reviewed([one for one in claim.appeals if one.decision == decision.number], party)


def _assessed(made: list[Assessment]) -> tuple[dt.date, list[Served], bool]:
    concluded = [one for one in made if one.concluded_on is not None]
    if not concluded:
        raise _no_letter()
    assert concluded[-1].concluded_on is not None
    return concluded[-1].concluded_on, concluded[-1].served, concluded[-1].kind == "again"


def _reviewed(appeals: list[Appeal], party: Side) -> tuple[dt.date, list[Served], bool]:
    ended = [one for one in appeals if one.side == party and one.way == "review" and one.outcome == "upheld"]
    if not ended:
        raise _no_letter()
    assert ended[-1].ended_on is not None
    return ended[-1].ended_on, ended[-1].served, True


def _no_letter() -> Conflict:
    return Conflict("no-letter", "没有可以送达的文书", "there is no such letter that stands")
