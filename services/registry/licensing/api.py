"""Licences over HTTP."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

from fastapi import APIRouter, Response
from pydantic import BaseModel, Field, StringConstraints

from services.registry.licences import rules
from services.registry.licences.documents import REVOCATION, Licence, LicencePenalty
from services.registry.licences.rules import State
from services.registry.licensing import commands
from shared.callers import Caller
from shared.contracts.platform import Industry
from shared.contracts.registry import LicenceKind
from shared.errors import NotFound
from shared.storage.encryption import decrypt_field
from shared.storage.transaction import transact
from shared.web.etags import RevisionSeen, set_etag
from shared.web.fields import Uscc
from shared.web.idempotency import IdempotentRoute
from shared.web.scope import ALL, Everybody, callers

router = APIRouter(prefix="/v1", tags=["licences 许可"], route_class=IdempotentRoute)

Recorder = Annotated[Caller, callers(article=ALL)]
LastDay = Annotated[dt.date | None, Field(description="the last legal day that it is valid; null where it has no end")]


class LicenceRecording(BaseModel):
    """A licence as its paper says."""

    kind: LicenceKind
    number: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=64)]
    industries: list[Industry] = Field(
        default=[], max_length=5, description="what it is limited to; empty where it is limited to no industry"
    )
    valid_from: dt.date
    valid_to: LastDay = None


class Renewal(BaseModel):
    """The new last day of a licence; null where it has no end."""

    valid_to: LastDay


class Revocation(BaseModel):
    """From when a licence is void, and why."""

    revoked_on: dt.date = Field(description="the first legal day that it is valid no more, today at the latest")
    reason: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=1000)]


class SuspensionView(BaseModel):
    """A suspension (暂扣) by the penalty of a number: its first and last day."""

    number: str
    first: dt.date
    last: dt.date


class LicencePenaltyView(BaseModel):
    """A penalty that takes a licence of a kind away from `first` on (`last` null) or suspends it to `last`: the number of the
    decision, and the licence with the body that granted it as that names them (null: every one of its kind)."""

    penalty_id: str
    kind: LicenceKind
    number: str
    licence: str | None
    authority: str | None
    first: dt.date
    last: dt.date | None


class LicenceView(BaseModel):
    """A licence. `state`: `valid` until its last day is over (also before its first), `lapsed` after, or `revoked`. On the days of its
    `suspensions` nothing rests on it."""

    licence_id: str
    uscc: str
    kind: LicenceKind
    name: str = Field(description="the kind in Chinese")
    number: str
    industries: list[Industry]
    valid_from: dt.date
    valid_to: LastDay
    state: State
    revocation: str | None = Field(description="why it was revoked")
    suspensions: list[SuspensionView]


@router.post("/enterprises/{uscc}/licences", status_code=201)
async def record_licence(uscc: Uscc, body: LicenceRecording, officer: Recorder, response: Response) -> LicenceView:
    """Put a licence of an enterprise on file, for officers of the city, of the labour department or of the one that grants this kind.

    Every cooperation of the enterprise is examined again with it.
    """
    granted = commands.Granted(**body.model_dump())
    licence = await transact(lambda tx: commands.record(uscc, granted, officer, tx))
    response.headers["Location"] = f"/v1/licences/{licence.id}"
    return _answer(licence, response)


@router.get("/enterprises/{uscc}/licences")
async def list_licences(uscc: Uscc, caller: Everybody) -> list[LicenceView]:
    """Every licence of an enterprise, for any caller: a platform has to choose partners that hold what they need."""
    return [_view(licence) for licence in await Licence.of_enterprise(uscc)]


@router.get("/enterprises/{uscc}/licence-penalties")
async def list_licence_penalties(uscc: Uscc, caller: Everybody) -> list[LicencePenaltyView]:
    """The penalties in force that take licences of an enterprise away or suspend them, for any caller; also of a licence that
    is not on file."""
    kept = {*LicencePenaltyView.model_fields} - {"penalty_id"}
    return [
        LicencePenaltyView(penalty_id=one.id, **one.model_dump(include=kept))
        for one in await LicencePenalty.on(uscc)
        if one.kind is not None and not one.set_aside
    ]


@router.get("/licences/{licence_id}")
async def read_licence(licence_id: str, caller: Everybody, response: Response) -> LicenceView:
    """One licence, for any caller."""
    licence = await Licence.of(licence_id)
    if licence is None:
        raise NotFound("该许可", "this licence")
    return _answer(licence, response)


@router.post("/licences/{licence_id}/renewals")
async def renew_licence(
    licence_id: str, body: Renewal, officer: Recorder, seen: RevisionSeen, response: Response
) -> LicenceView:
    """Extend a licence to a later last day, without a gap; one that is granted anew after a gap is put on file again."""
    return _answer(await transact(lambda tx: commands.renew(licence_id, body.valid_to, officer, seen, tx)), response)


@router.post("/licences/{licence_id}/revocation")
async def revoke_licence(
    licence_id: str, body: Revocation, officer: Recorder, seen: RevisionSeen, response: Response
) -> LicenceView:
    """Take a licence away. It is final; every cooperation that rests on it is examined again."""
    return _answer(
        await transact(lambda tx: commands.revoke(licence_id, body.revoked_on, body.reason, officer, seen, tx)),
        response,
    )


def _answer(licence: Licence, response: Response) -> LicenceView:
    set_etag(response, licence.revision)
    return _view(licence)


def _view(licence: Licence) -> LicenceView:
    return LicenceView(
        licence_id=licence.id,
        name=rules.NAMES[licence.kind][0],
        revocation=licence.revocation and decrypt_field(REVOCATION, licence.id, licence.revocation),
        **licence.model_dump(include={*LicenceView.model_fields} - {"revocation"}),
    )
