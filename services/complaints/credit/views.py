"""What HTTP shows of credit listings: to everybody, to the enterprise, and to officers."""

from __future__ import annotations

import datetime as dt
from typing import Self

from pydantic import BaseModel

from services.complaints.credit.documents import Listing, clear
from services.complaints.credit.person_documents import ListedPerson, clear_person
from services.complaints.credit.person_rules import HEADS, Role, shows_head
from services.complaints.credit.rules import Kind, State
from shared.identity.masking import mask_id, mask_name
from shared.policy.parameters import Used


class PublicPerson(BaseModel):
    """A responsible person as everybody reads it: on the list of those who owe wages with a masked number (人社部令第45号, whose text
    was not at hand), of a published violation the name alone (人社部令第29号)."""

    role: Role
    name: str
    id_number: str | None

    @classmethod
    def of(cls, listing: Listing, person: ListedPerson) -> Self:
        number = mask_id(clear_person(listing.id, person.id_number)) if listing.kind == "wage_arrears" else None
        return cls(role=person.role, name=clear_person(listing.id, person.name), id_number=number)


class ListedPersonView(BaseModel):
    """A responsible person as the enterprise and officers read it: masked, and nothing of what the person said."""

    person_id: str
    role: Role
    name: str
    id_number: str
    told_on: dt.date | None
    speak_until: dt.date | None
    decision_served_on: dt.date | None
    review_by: dt.date | None
    sue_by: dt.date | None
    removed_on: dt.date | None

    @classmethod
    def of(cls, listing: Listing, person: ListedPerson) -> Self:
        return cls(
            person_id=person.id,
            name=mask_name(clear_person(listing.id, person.name)),
            id_number=mask_id(clear_person(listing.id, person.id_number)),
            **person.model_dump(include={*cls.model_fields} - {"person_id", "name", "id_number"}),
        )


class PublicListing(BaseModel):
    """An entry of the public list (人社部令第29号): no worker's data, and of who is responsible beside the enterprise those alone on
    whom the decision was served. `representative` is null before that, and where nobody can be named."""

    listing_id: str
    kind: Kind
    enterprise: str
    name: str
    address: str
    representative: str | None
    facts: str
    result: str
    persons: list[PublicPerson]
    listed_on: dt.date
    until: dt.date | None

    @classmethod
    def of(cls, listing: Listing) -> Self:
        heads = [one.decision_served_on for one in listing.standing if one.role in HEADS]
        hidden = {} if shows_head(heads, nameable=listing.no_head is None) else {"representative": None}
        return cls(
            **_entry(listing) | hidden,
            persons=[PublicPerson.of(listing, one) for one in listing.standing if one.decision_served_on is not None],
            **listing.model_dump(include={"kind", "enterprise", "listed_on", "until"}),
        )


class ListingView(BaseModel):
    """A listing as the enterprise and officers read it; `rests_on` are the parameters used."""

    listing_id: str
    number: str
    kind: Kind
    state: State
    enterprise: str
    name: str
    address: str
    representative: str
    facts: str
    result: str
    persons: list[ListedPersonView]
    assessed: str
    reached: bool | None
    speak_until: dt.date | None
    statement: str | None
    decision: str | None
    no_head: str | None
    listed_on: dt.date | None
    public_from: dt.date | None
    until: dt.date | None
    put_right_on: dt.date | None
    restricts: list[str]
    rests_on: list[Used]

    @classmethod
    def of(cls, listing: Listing) -> Self:
        kept = {
            "number", "kind", "state", "enterprise", "assessed", "reached", "speak_until", "listed_on", "public_from",
            "until", "put_right_on", "restricts",
        }  # fmt: skip
        return cls(
            **_entry(listing),
            **listing.model_dump(include=kept),
            persons=[ListedPersonView.of(listing, one) for one in listing.persons],
            statement=clear(listing.id, listing.statement),
            decision=clear(listing.id, listing.decision),
            no_head=clear(listing.id, listing.no_head),
            rests_on=listing.used,
        )


def _entry(listing: Listing) -> dict[str, str]:
    entry = listing.entry
    texts = {name: clear(listing.id, getattr(entry, name)) or "" for name in ("representative", "facts", "result")}
    return {"listing_id": listing.id, "name": entry.name, "address": entry.address, **texts}
