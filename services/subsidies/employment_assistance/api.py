"""Help to work over HTTP: officers offer it to who is recognised, and the person answers."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Self

from fastapi import APIRouter, Response
from pydantic import BaseModel, StringConstraints

from services.subsidies.employment_assistance import commands
from services.subsidies.employment_assistance.documents import Offer
from services.subsidies.employment_assistance.rules import KINDS, Kind, State
from services.subsidies.recognition.access import Checker, Reader, recognition_of
from shared.errors import NotFound
from shared.storage.records import require_revision
from shared.storage.transaction import Transaction, transact
from shared.web.auth import Worker
from shared.web.etags import RevisionSeen, set_etag
from shared.web.idempotency import IdempotentRoute
from shared.web.paging import Page, PageAsked

PATH = "/recognitions/{recognition_id}/assistance"
TAGS = ["employment assistance 就业援助"]
offering = APIRouter(prefix="/v1", tags=[*TAGS], route_class=IdempotentRoute)
router = APIRouter(prefix="/v1", tags=[*TAGS])


class AssistanceBody(BaseModel):
    """What is offered, and the words in which the person reads it."""

    kind: Kind
    text: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2000)]


class OfferAnswer(BaseModel):
    """What the person says to it: declining takes nothing from them."""

    accepts: bool


class OfferView(BaseModel):
    """Help to work that was offered."""

    offer_id: str
    kind: Kind
    kind_text: str
    text: str
    offered_on: dt.date
    state: State
    answered_on: dt.date | None

    @classmethod
    def of(cls, one: Offer) -> Self:
        kept = one.model_dump(include={"kind", "offered_on", "state", "answered_on"})
        return cls(offer_id=one.id, kind_text=KINDS[one.kind], text=one.clear_text, **kept)


@offering.post(PATH, status_code=201)
async def offer(recognition_id: str, body: AssistanceBody, officer: Checker, response: Response) -> OfferView:
    """Offer help to work to a recognised person."""

    async def act(tx: Transaction) -> Offer:
        recognition = await recognition_of(recognition_id, officer, tx)
        return await commands.offer(recognition, body.kind, body.text, officer.subject, tx)

    one = await transact(act)
    response.headers["Location"] = f"/v1/recognitions/{recognition_id}/assistance/{one.id}"
    return _shown(one, response)


@router.get(PATH)
async def list_offers(recognition_id: str, caller: Reader, page: PageAsked) -> Page[OfferView]:
    """What was offered to a recognised person."""
    recognition = await recognition_of(recognition_id, caller)
    return await Page.of(Offer, {"recognition_id": recognition.id}, OfferView.of, page)


@router.get(PATH + "/{offer_id}")
async def read_offer(recognition_id: str, offer_id: str, caller: Reader, response: Response) -> OfferView:
    """An offer."""
    recognition = await recognition_of(recognition_id, caller)
    return _shown(await _offer_of(offer_id, recognition.id), response)


@router.post(PATH + "/{offer_id}/answer")
async def answer(
    recognition_id: str, offer_id: str, body: OfferAnswer, worker: Worker, seen: RevisionSeen, response: Response
) -> OfferView:
    """Take an offer of one's own, or leave it."""

    async def act(tx: Transaction) -> Offer:
        recognition = await recognition_of(recognition_id, worker, tx)
        one = await _offer_of(offer_id, recognition.id, tx)
        require_revision(seen, one.revision)
        return await commands.answer(one, "accept" if body.accepts else "decline", tx)

    return _shown(await transact(act), response)


async def _offer_of(offer_id: str, recognition_id: str, tx: Transaction | None = None) -> Offer:
    one = await Offer.of(offer_id, tx)
    if one is None or one.recognition_id != recognition_id:
        raise NotFound("该就业援助", "the offer")
    return one


def _shown(one: Offer, response: Response) -> OfferView:
    set_etag(response, one.revision)
    return OfferView.of(one)
