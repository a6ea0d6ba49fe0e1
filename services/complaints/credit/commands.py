"""Propose a listing, tell the enterprise, hear it, decide, and take it off again."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal, TypedDict

import msgspec

from services.complaints.cases.confidence import check_says_nothing_of_reporter
from services.complaints.cases.documents import Case
from services.complaints.cases.rules import telling_ref
from services.complaints.credit import person_rules, rules
from services.complaints.credit.documents import Entry, Listing, clear, encrypted_text
from services.complaints.credit.person_documents import ListedPerson
from services.complaints.credit.person_rules import SPEAKING
from services.complaints.credit.rules import Kind, Move
from services.complaints.directives.commands import case_behind, names_in
from services.complaints.directives.documents import Directive
from services.complaints.directives.rules import BREACHED, with_more
from services.complaints.officers.documents import Officer
from services.complaints.terms import commands as terms
from services.complaints.terms.commands import About
from services.complaints.terms.rules import Length
from shared import clock
from shared.contracts.complaints import CreditNotified, EnterpriseDelisted, EnterpriseListed
from shared.contracts.registry.restrictions import RestrictedField
from shared.errors import Conflict, RuleBroken
from shared.ids import new_id, readable_number
from shared.policy.calendar import add_working_days, end_of_day, shanghai_date
from shared.policy.parameters import Law, parameters
from shared.storage import provisional
from shared.storage.client import Row
from shared.storage.kinds import TimerKind
from shared.storage.provisional import Provisional, Stored, from_day, provisional_kind, rests_on
from shared.storage.taken import AlreadyTaken, Taken
from shared.storage.transaction import Transaction

EXPIRY = TimerKind("complaints.credit_expiry")
CALENDAR = provisional_kind("complaints.listing_calendar")
REMOVAL: Final = "decide_removal"
"""The step whose term begins when an enterprise asks to be taken off early."""


def _speaks(row: Row) -> list[tuple[str, Provisional]]:
    told_on = row["notified_on"].date()
    days = parameters.on(told_on, place=row["district"]).days("credit.statement_workdays")
    return [(row["_id"], rests_on(row["speak_until"], told_on, workdays=days))]


STORED = Stored(
    CALENDAR, Listing, from_day("speak_until", state="notified"), ("speak_until", "notified_on", "district"), _speaks
)
"""The timer at which a listing is over."""


class ListedAct(Taken):
    """An order from which a listing of a kind follows, so that it follows once. The id is `<kind>:<directive>`."""

    class Settings:
        name = "listed_acts"


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposed:
    """What an officer proposes. `months`: for how many months wages are owed; `judged`: the officer says that the sums of
    the crime are reached where the machine cannot; `incident`: a mass or extreme incident arose."""

    kind: Kind
    category: str | None
    name: str
    address: str
    representative: str
    facts: str
    result: str
    months: int
    judged: bool
    incident: bool
    grounds: str


async def propose(asked: Proposed, directive: Directive, officer: Officer, tx: Transaction) -> Listing:
    """Propose to list an enterprise that has not done what it was ordered to."""
    if directive.state not in BREACHED:
        raise Conflict("not-breached", "责令改正未逾期", "the order was not breached")
    today, listing_id = legal_day(), new_id()
    law = parameters.on(today, place=directive.district)
    found = rules.assess(directive.amounts, asked.months, law)
    overdue = directive.passed and directive.violation == "underpayment"
    rules.check_grounds(
        asked.kind, overdue=overdue, reached=found.reached, judged=asked.judged, incident=asked.incident,
        category=asked.category, law=law,
    )  # fmt: skip
    texts = [asked.name, asked.address, asked.representative, asked.facts, asked.result]
    refs = [one.worker_ref for one in directive.owed if telling_ref(one.worker_ref)]
    rules.check_silence([asked.facts, asked.result], refs)
    case = await case_behind(directive, tx)
    rules.check_silence(texts, [] if case is None else names_in(case))
    await check_confidence(case, texts, tx)
    try:
        await ListedAct.take(f"{asked.kind}:{directive.id}", listing_id, tx)
    except AlreadyTaken:
        raise Conflict("proposed-already", "该事项已提请列入", "a listing for this was proposed already") from None
    return await Listing(
        id=listing_id,
        number=readable_number("德信用", listing_id, today),
        kind=asked.kind,
        category=asked.category,
        directive_id=directive.id,
        enterprise=directive.enterprise,
        department=officer.department,
        district=directive.district,
        circle=directive.circle,
        entry=Entry(
            name=asked.name,
            address=asked.address,
            representative=encrypted_text(listing_id, asked.representative),
            facts=encrypted_text(listing_id, asked.facts),
            result=encrypted_text(listing_id, asked.result),
        ),
        reached=found.reached,
        assessed=found.reason,
        judged=asked.judged,
        incident=asked.incident,
        grounds=encrypted_text(listing_id, asked.grounds),
        proposed_by=officer.id,
        used=list(law.used),
    ).put(tx)


async def notify(listing: Listing, tx: Transaction) -> Listing:
    """Tell the enterprise what is proposed, and until when it may speak."""
    move(listing, "notify")
    law = law_of(listing)
    listing.notified_on = legal_day()
    deadline = add_working_days(legal_day(), law.days("credit.statement_workdays"))
    listing.speak_until = deadline.due
    provisional.watch(CALENDAR, listing.id, deadline, tx)
    listing.used += [one for one in law.used if one not in listing.used]
    tx.publish(
        CreditNotified(
            listing_id=listing.id, number=listing.number, uscc=listing.enterprise, kind=listing.kind,
            speak_until=listing.speak_until, lead_department=listing.department, district=listing.district,
        )
    )  # fmt: skip
    return await listing.put(tx)


async def recalculate(key: str, kept: Provisional, tx: Transaction) -> None:
    """Move the last day to speak, of the enterprise or of a person (`<listing>/<person>`), where the days off have been published
    that it rests on."""
    listing_id, _, person_id = key.partition("/")
    listing, deadline = await Listing.of(listing_id, tx), provisional.moved(kept)
    if not deadline or listing is None or listing.state not in SPEAKING:
        return
    spoken: list[Listing | ListedPerson] = [one for one in listing.standing if one.id == person_id]
    for one in spoken if person_id else [listing]:
        if one.speak_until == kept.due:
            one.speak_until = deadline.due
            provisional.watch(CALENDAR, key, deadline, tx)
            await listing.put(tx)


async def speak(listing: Listing, text: str, *, hearing: bool, tx: Transaction) -> Listing:
    """Take the enterprise's statement, beside what it said before, and its wish for a hearing."""
    assert listing.speak_until is not None or listing.state == "proposed"
    if listing.speak_until is not None and legal_day() > listing.speak_until:
        raise Conflict("too-late", "陈述申辩期限已届满", "the time to speak is over")
    move(listing, "ask_hearing" if hearing else "speak")
    listing.statement = encrypted_text(listing.id, with_more(clear(listing.id, listing.statement), text))
    return await listing.put(tx)


async def hear(listing: Listing, record: str, officer: Officer, tx: Transaction) -> Listing:
    """Record a hearing, held by somebody else than who proposed, once everybody named had the time to ask for it."""
    person_rules.check_heard([one.speak_until for one in listing.standing], legal_day())
    if officer.id == listing.proposed_by:
        raise Conflict("same-officer", "听证应由另一名人员主持", "another officer holds the hearing")
    move(listing, "hear")
    listing.hearing = encrypted_text(listing.id, record)
    return await listing.put(tx)


async def decide(
    listing: Listing, text: str, officer: Officer, *, lists: bool, no_head: str | None, tx: Transaction
) -> Listing:
    """List the enterprise with its head, or drop the proposal, as another officer than who proposed. `no_head`: why nobody can be
    named as its head."""
    today = legal_day()
    await check_confidence(await case_of(listing, tx), [text, no_head or ""], tx)
    if not lists:
        move(listing, "drop")
        await ListedAct.give_up(f"{listing.kind}:{listing.directive_id}", listing.id, tx)
    else:
        rules.STATES.next(listing.state, "list")
        rules.check_stands((await _directive(listing, tx)).state)
        assert listing.speak_until is not None
        person_rules.check_heard([one.speak_until for one in listing.standing], today)
        rules.may_list(listing.speak_until, listing.state, today, proposer=listing.proposed_by, approver=officer.id)
        roles = [one.role for one in listing.standing]
        person_rules.check_head_named(listing.kind, roles, reason_given=no_head is not None)
        listing.no_head = None if no_head is None else encrypted_text(listing.id, no_head)
        move(listing, "list")
        await _enlist(listing, today, tx)
    listing.decision, listing.decided_by = encrypted_text(listing.id, text), officer.id
    return await listing.put(tx)


async def ask_removal(listing: Listing, text: str, put_right_on: dt.date, *, pledged: bool, tx: Transaction) -> Listing:
    """Ask to be taken off early, with a pledge, some time after things were put right; the term to decide on it begins."""
    if listing.notified_on is None or not put_right_on <= legal_day():
        raise RuleBroken("put-right-day", "改正日期有误", "the day is in the future")
    law = law_of(listing)
    rules.may_ask_removal(put_right_on, listing.listed_on, legal_day(), law, pledged=pledged)
    move(listing, "ask_removal")
    about = About(
        kind="credit", id=listing.id, number=listing.number, department=listing.department, district=listing.district,
        officer=listing.decided_by,
    )  # fmt: skip
    length = Length(law.days("credit.removal_workdays"), "workdays")
    await terms.set_term(about, REMOVAL, length, begun_on=legal_day(), rests_on="asked", used=law.used, tx=tx)
    listing.used += [one for one in law.used if one not in listing.used]
    listing.put_right_on, listing.removal = put_right_on, encrypted_text(listing.id, text)
    return await listing.put(tx)


async def decide_removal(listing: Listing, text: str, *, removes: bool, tx: Transaction) -> Listing:
    """Take an enterprise off the list early, or leave it there."""
    await check_confidence(await case_of(listing, tx), [text], tx)
    if removes:
        rules.check_put_right((await _directive(listing, tx)).state)
    move(listing, "remove" if removes else "refuse_removal")
    listing.decision = encrypted_text(listing.id, text)
    await terms.meet("credit", listing.id, REMOVAL, legal_day(), tx)
    if removes:
        await _delist(listing, "corrected", tx)
    return await listing.put(tx)


async def revoke(listing: Listing, text: str, officer: Officer, tx: Transaction) -> Listing:
    """Revoke a listing that should not be, as another officer than who decided on it; what follows from the order may be proposed
    anew."""
    if officer.id == listing.decided_by:
        raise Conflict("same-officer", "应由另一名人员撤销", "another officer revokes than who decided")
    await check_confidence(await case_of(listing, tx), [text], tx)
    move(listing, "revoke")
    await ListedAct.give_up(f"{listing.kind}:{listing.directive_id}", listing.id, tx)
    listing.decision = encrypted_text(listing.id, text)
    await _delist(listing, "revoked", tx)
    return await listing.put(tx)


async def expire(listing_id: str, tx: Transaction) -> None:
    """End a listing whose last day is over."""
    listing = await Listing.of(listing_id, tx)
    if listing is not None and rules.STATES.allows(listing.state, "expire"):
        move(listing, "expire")
        await _delist(listing, "expired", tx)
        await listing.put(tx)


async def case_of(listing: Listing, tx: Transaction | None) -> Case | None:
    """The case behind a listing, where the order that it follows from arose from one."""
    return await case_behind(await _directive(listing, tx), tx)


async def _directive(listing: Listing, tx: Transaction | None) -> Directive:
    directive = await Directive.of(listing.directive_id, tx)
    assert directive is not None, "a listing follows from an order"
    return directive


async def check_confidence(case: Case | None, texts: Sequence[str], tx: Transaction) -> None:
    """Raise Conflict where what the enterprise or everybody reads would show who reported (劳动保障监察条例 art. 9)."""
    if case is not None:
        for text in texts:
            await check_says_nothing_of_reporter(case, text, tx)


async def _enlist(listing: Listing, today: dt.date, tx: Transaction) -> None:
    directive = await _directive(listing, tx)
    directive.listings = [*directive.listings, listing.id]
    await directive.put(tx)
    law = law_of(listing)
    listing.listed_on = today
    if listing.kind == "serious_violation":
        listing.public_from = rules.published_from(today, law.number("credit.publish_months"))
    else:
        listing.public_from, listing.until = today, rules.until(today, law)
        listing.restricts = msgspec.convert(law.texts("credit.restricted_fields"), list[RestrictedField])
        tx.schedule(EXPIRY, listing.id, end_of_day(listing.until))
        tx.publish(EnterpriseListed(**_facts(listing)))
    listing.used += [one for one in law.used if one not in listing.used]


async def _delist(listing: Listing, reason: Literal["expired", "corrected", "revoked"], tx: Transaction) -> None:
    directive = await _directive(listing, tx)
    directive.listings = [one for one in directive.listings if one != listing.id]
    await directive.put(tx)
    tx.cancel(EXPIRY, listing.id)
    await terms.end("credit", listing.id, tx)
    listing.ended_on = listing.until if reason == "expired" and listing.until else legal_day()
    if listing.kind == "wage_arrears":
        tx.publish(EnterpriseDelisted(**_facts(listing), delisted_on=listing.ended_on, reason=reason))


class _Facts(TypedDict):
    listing_id: str
    uscc: str
    case_id: str | None
    listed_on: dt.date
    until: dt.date
    restricts: tuple[RestrictedField, ...]


def _facts(listing: Listing) -> _Facts:
    """Never the case, which would show who reported."""
    assert listing.listed_on is not None
    assert listing.until is not None
    return {
        "listing_id": listing.id,
        "uscc": listing.enterprise,
        "case_id": None,
        "listed_on": listing.listed_on,
        "until": listing.until,
        "restricts": tuple(listing.restricts),
    }


def move(listing: Listing, move: Move) -> None:
    listing.state = rules.STATES.next(listing.state, move)


def law_of(listing: Listing) -> Law:
    return parameters.on(legal_day(), place=listing.district)


def legal_day() -> dt.date:
    return shanghai_date(clock.now())
