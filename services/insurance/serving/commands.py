"""Record the service of a claim's letters: from it, and from nothing else, the terms to contest them run."""

from __future__ import annotations

import datetime as dt

from services.insurance.claims import deadlines, rules
from services.insurance.claims.documents import Appeal, Assessment, Claim
from services.insurance.claims.history import By, note
from services.insurance.letters.documents import EVIDENCE, Served
from services.insurance.serving.rules import check_day, check_new, check_way, served_on, terms
from shared.contracts.insurance import ClaimLetterServed, Letter, ServiceWay, Side
from shared.errors import Conflict, RuleBroken
from shared.policy.parameters import parameters
from shared.storage.encryption import encrypt_field
from shared.storage.transaction import Transaction


def serve(
    claim: Claim, letter: Letter, party: Side, way: ServiceWay, on: dt.date, evidence: str, agreed: bool, by: By,
    tx: Transaction,
) -> None:  # fmt: skip
    """Record that the latest letter of a kind was served on a party, with what proves it; raises Conflict, RuleBroken.

    `on`: the day of receipt; of an announcement, that of its publication, which counts once its term is over. `agreed`: the
    party has agreed to electronic service.
    """
    check_way(way, agreed)
    made_on, served, final = _letter_of(claim, letter, party)
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
        evidence=encrypt_field(EVIDENCE, claim.id, evidence),
        by=by.subject,
        at=by.at,
        used=[*law_then.used, *law.used],
    )
    served.append(one)
    note(claim, "served", by, f"{letter} {party} {way}", one.used)
    deadlines.set_next_appeal(claim, by.day, tx)
    tx.publish(
        ClaimLetterServed(
            **claim.facts(),
            letter=letter,
            party=party,
            way=way,
            served_on=counts_from,
            review_by=found.review_by,
            court_by=found.court_by,
            again_by=found.again_by,
        )
    )


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
