"""Name the responsible persons of a listing, tell and hear them, and take one out who was named wrongly."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from services.complaints.credit import commands, person_rules
from services.complaints.credit.commands import CALENDAR, check_confidence, law_of, legal_day, move
from services.complaints.credit.documents import Listing, clear, encrypted_text
from services.complaints.credit.person_documents import ListedPerson, clear_person, encrypted_person
from services.complaints.credit.person_rules import Role
from services.complaints.credit.rules import check_silence
from services.complaints.directives.commands import names_in
from services.complaints.directives.rules import with_more
from services.complaints.officers.documents import Officer
from services.complaints.terms.remedies import remedies
from shared import faults
from shared.errors import Conflict, RuleBroken
from shared.identity import resident_id
from shared.policy.calendar import add_working_days
from shared.policy.parameters import parameters
from shared.storage import provisional
from shared.storage.transaction import Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedPerson:
    """Who is responsible, as what, in which post."""

    role: Role
    name: str
    id_number: str
    position: str


async def name(person_id: str, listing: Listing, asked: NamedPerson, officer: Officer, tx: Transaction) -> Listing:
    """Name a person in what is proposed, before its notice: whoever is listed is told and heard first."""
    if listing.state != "proposed":
        raise Conflict("notice-given", "告知后不得再列明责任人员", "nobody is named once the notice is given")
    law, entry = law_of(listing), listing.entry
    try:
        number = resident_id.parse(asked.id_number, legal_day()).number
    except resident_id.InvalidResidentId:
        raise RuleBroken("id-number", "身份证件号码有误", "the id number does not hold") from None
    standing = listing.standing
    person_rules.check_role(listing.kind, asked.role, [one.role for one in standing], law)
    if any(clear_person(listing.id, one.id_number) == number for one in standing):
        raise Conflict("named-already", "该人员已列明", "the person is named already")
    texts = [clear(listing.id, text) or "" for text in (entry.representative, entry.facts, entry.result)]
    person_rules.check_head(asked.role, asked.name, texts[0])
    person_rules.check_silence([entry.name, entry.address, *texts], [number, asked.id_number])
    person_rules.check_silence([entry.address, *texts[1:]], [asked.name])
    await _check_public_name(listing, asked.name, tx)
    listing.persons.append(
        ListedPerson(
            id=person_id,
            role=asked.role,
            name=encrypted_person(listing.id, asked.name),
            id_number=encrypted_person(listing.id, number),
            position=encrypted_person(listing.id, asked.position),
            named_by=officer.id,
        )
    )
    listing.used += [one for one in law.used if one not in listing.used]
    return await listing.put(tx)


async def tell(listing: Listing, person: ListedPerson, on: dt.date, served: str, tx: Transaction) -> Listing:
    """Record when and how the notice was given to a person; from then on runs their time to speak, as long as the enterprise's."""
    person_rules.check_told_on(listing.notified_on, listing.state, person.told_on, on, legal_day())
    law = law_of(listing)
    deadline = add_working_days(on, law.days("credit.statement_workdays"))
    person.told_on, person.speak_until = on, deadline.due
    person.served = encrypted_person(listing.id, served)
    provisional.watch(CALENDAR, f"{listing.id}/{person.id}", deadline, tx)
    listing.used += [one for one in law.used if one not in listing.used]
    return await listing.put(tx)


async def say(
    listing: Listing, person: ListedPerson, text: str, on: dt.date, *, hearing: bool, tx: Transaction
) -> Listing:
    """Record what a person said on paper or before an officer, and whether they want to be heard: the system has no door for them."""
    person_rules.check_said_on(person.told_on, person.speak_until, on, legal_day())
    move(listing, "ask_hearing" if hearing else "speak")
    said = None if person.statement is None else clear_person(listing.id, person.statement)
    person.statement = encrypted_person(listing.id, with_more(said, text))
    return await listing.put(tx)


async def serve(listing: Listing, person: ListedPerson, on: dt.date, by: str, tx: Transaction) -> Listing:
    """Record when and how the decision was served on a person: their own time for review and suit begins (行政复议法 art. 20;
    行政诉讼法 art. 46), and from then on everybody may read of them."""
    person_rules.check_served_on(listing.state, listing.listed_on, person.decision_served_on, on, legal_day())
    law = parameters.on(on, place=listing.district)
    until = remedies(on, law)
    person.decision_served_on, person.decision_served = on, encrypted_person(listing.id, by)
    person.review_by, person.sue_by = until.review_by, until.sue_by
    listing.used += [one for one in law.used if one not in listing.used]
    await listing.put(tx)
    faults.reach("credit.person_served")
    return listing


async def remove(
    listing: Listing, person: ListedPerson, text: str, representative: str | None, officer: Officer, tx: Transaction
) -> Listing:
    """Take a person out who was named wrongly, as another officer than who named or listed them; the enterprise's listing stands."""
    done_by = listing.decided_by if listing.listed_on and listing.decided_by else person.named_by
    person_rules.check_removal(listing.state, person.removed_on, officer.id, done_by)
    entry = clear(listing.id, listing.entry.representative) or ""
    after = person_rules.representative_after(person.role, entry, representative)
    if after != entry:
        await _check_public_name(listing, after, tx)
        listing.entry.representative = encrypted_text(listing.id, after)
    person.removed_on, person.removed_by = legal_day(), officer.id
    person.removal = encrypted_person(listing.id, text)
    return await listing.put(tx)


async def _check_public_name(listing: Listing, name: str, tx: Transaction) -> None:
    """Raise where a name that is published is that of who reported or was harmed."""
    case = await commands.case_of(listing, tx)
    check_silence([name], [] if case is None else names_in(case))
    await check_confidence(case, [name], tx)
