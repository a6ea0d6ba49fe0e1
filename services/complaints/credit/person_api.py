"""The responsible persons of a listing over HTTP, for officers."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

from fastapi import APIRouter, Response
from pydantic import BaseModel, Field, StringConstraints

from services.complaints.credit import person_commands
from services.complaints.credit.access import acted, listing_of
from services.complaints.credit.api import Lister, ListingText, Short, Text
from services.complaints.credit.documents import Listing
from services.complaints.credit.person_commands import NamedPerson
from services.complaints.credit.person_documents import ListedPerson, clear_person
from services.complaints.credit.person_rules import Role
from services.complaints.credit.views import ListingView
from services.complaints.officers.documents import Officer
from shared.errors import NotFound
from shared.ids import new_id
from shared.storage.audit import write_down
from shared.storage.transaction import Transaction
from shared.web.etags import RevisionSeen

router = APIRouter(prefix="/v1", tags=["credit 信用惩戒"])


class NamedBody(BaseModel):
    """Who is responsible, as what, and in which post."""

    role: Role
    name: Annotated[str, StringConstraints(strip_whitespace=True, min_length=2, max_length=100)]
    id_number: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=30)]
    position: Short


class ToldBody(BaseModel):
    """On which day the notice was given to a person, and how."""

    on: dt.date
    by: Short


class ServedBody(BaseModel):
    """On which day the decision was served on a person, and how."""

    on: dt.date
    by: Short


class PersonStatement(BaseModel):
    """What a person said, on which day; `hearing`: they ask to be heard."""

    text: Text
    on: dt.date
    hearing: bool = False


class TakenOutBody(ListingText):
    """Why a person was named wrongly; `representative`: who is published as the enterprise's head, where the head is taken out."""

    representative: Short | None = Field(default=None)


class ListedPersonInFull(BaseModel):
    """A responsible person, unmasked, with what they said, how notice and decision were given, and why they were taken out."""

    person_id: str
    role: Role
    name: str
    id_number: str
    position: str
    served: str | None
    decision_served: str | None
    statement: str | None
    removal: str | None

    @classmethod
    def of(cls, listing: Listing, person: ListedPerson) -> ListedPersonInFull:
        sealed = person.model_dump(include={*cls.model_fields} - {"person_id", "role"})
        opened = {name: text and clear_person(listing.id, text) for name, text in sealed.items()}
        return cls(person_id=person.id, role=person.role, **opened)


@router.post("/credit-listings/{listing_id}/responsible-persons")
async def name(listing_id: str, body: NamedBody, caller: Lister, seen: RevisionSeen, response: Response) -> ListingView:
    """Name a responsible person in what is proposed, before its notice (保障农民工工资支付条例 art. 48)."""
    person_id = new_id()

    async def work(listing: Listing, officer: Officer, tx: Transaction) -> Listing:
        await write_down("credit.person_named", person_id, caller, tx)
        return await person_commands.name(person_id, listing, NamedPerson(**body.model_dump()), officer, tx)

    return await acted(listing_id, caller, "handler", seen, response, work)


@router.get("/credit-listings/{listing_id}/responsible-persons/{person_id}")
async def read(listing_id: str, person_id: str, caller: Lister) -> ListedPersonInFull:
    """A responsible person, unmasked; the reading is written down."""
    listing = await listing_of(listing_id, caller, None)
    person = _person_in(listing, person_id)
    await write_down("credit.person_read", person.id, caller)
    return ListedPersonInFull.of(listing, person)


@router.post("/credit-listings/{listing_id}/responsible-persons/{person_id}/notice")
async def tell(
    listing_id: str, person_id: str, body: ToldBody, caller: Lister, seen: RevisionSeen, response: Response
) -> ListingView:
    """Record that the notice was given to a person."""
    return await acted(
        listing_id, caller, "handler", seen, response,
        lambda one, _, tx: person_commands.tell(one, _standing(one, person_id), body.on, body.by, tx),
    )  # fmt: skip


@router.post("/credit-listings/{listing_id}/responsible-persons/{person_id}/statement")
async def say(
    listing_id: str, person_id: str, body: PersonStatement, caller: Lister, seen: RevisionSeen, response: Response
) -> ListingView:
    """Record what a person said, and that they ask for a hearing."""
    return await acted(
        listing_id, caller, "handler", seen, response,
        lambda one, _, tx: person_commands.say(
            one, _standing(one, person_id), body.text, body.on, hearing=body.hearing, tx=tx
        ),
    )  # fmt: skip


@router.post("/credit-listings/{listing_id}/responsible-persons/{person_id}/service")
async def serve(
    listing_id: str, person_id: str, body: ServedBody, caller: Lister, seen: RevisionSeen, response: Response
) -> ListingView:
    """Record that the decision to list them was served on a person; nobody reads of them before."""

    async def work(listing: Listing, officer: Officer, tx: Transaction) -> Listing:
        person = _standing(listing, person_id)
        await write_down("credit.person_served", person.id, caller, tx)
        return await person_commands.serve(listing, person, body.on, body.by, tx)

    return await acted(listing_id, caller, "handler", seen, response, work)


@router.post("/credit-listings/{listing_id}/responsible-persons/{person_id}/removal")
async def remove(
    listing_id: str, person_id: str, body: TakenOutBody, caller: Lister, seen: RevisionSeen, response: Response
) -> ListingView:
    """Take a person out who was named wrongly, as another officer than who named or listed them; the reason is written down."""

    async def work(listing: Listing, officer: Officer, tx: Transaction) -> Listing:
        person = _person_in(listing, person_id)
        await write_down("credit.person_removed", person.id, caller, tx, body.text)
        return await person_commands.remove(listing, person, body.text, body.representative, officer, tx)

    return await acted(listing_id, caller, "approver", seen, response, work)


def _person_in(listing: Listing, person_id: str) -> ListedPerson:
    """A person in a listing, also one who was taken out."""
    for person in listing.persons:
        if person.id == person_id:
            return person
    raise NotFound("该责任人员", "the person")


def _standing(listing: Listing, person_id: str) -> ListedPerson:
    person = _person_in(listing, person_id)
    if person.removed_on is not None:
        raise NotFound("该责任人员", "the person")
    return person
