"""What is shown of a worker."""

from __future__ import annotations

import datetime as dt

from pydantic import BaseModel, Field

from services.registry.engagements.documents import Engagement
from services.registry.engagements.views import EngagementView, view_of
from services.registry.workers import rules
from services.registry.workers.commands import name_words, person_of
from services.registry.workers.documents import Worker
from shared.errors import NotFound
from shared.identity.masking import mask_id, mask_name, mask_phone
from shared.storage.records import find
from shared.storage.transaction import Transaction


class DeclaredName(BaseModel):
    """A name that somebody declares and that does not hold. `source`: a platform's credit code."""

    source: str
    name: str


class WorkerView(BaseModel):
    """A person and the engagements that the reader may see; personal fields are masked, unless `masked` is false.

    `other_names`: those that platforms declare and that are not the one that holds; an officer may find which is right.
    `erasure_asked`: the person has asked for erasure (个人信息保护法 art. 47), and a legal duty still keeps the record.
    """

    worker_id: str
    id_number: str
    name: str
    phone: str = Field(
        description="the phone in force: the person's own word, or else an officer's, or else that of the platform known first"
    )
    other_names: list[DeclaredName]
    masked: bool
    registered_at: dt.datetime
    erasure_asked: bool
    engagements: list[EngagementView]


def view(worker: Worker, engagements: list[Engagement], *, masked: bool) -> WorkerView:
    person = person_of(worker)
    return WorkerView(
        worker_id=worker.id,
        id_number=mask_id(person.id_number) if masked else person.id_number,
        name=mask_name(person.name) if masked else person.name,
        phone=mask_phone(person.phone) if masked else person.phone,
        other_names=[
            DeclaredName(source=word.source, name=mask_name(word.said) if masked else word.said)
            for word in rules.differing(name_words(worker))
        ],
        masked=masked,
        registered_at=worker.created_at,
        erasure_asked=worker.keeping == "asked",
        engagements=[view_of(engagement) for engagement in engagements],
    )


def unknown() -> NotFound:
    return NotFound("该劳动者", "this worker")


async def standing(worker_id: str, tx: Transaction | None = None) -> Worker:
    """The record of a person; raises NotFound where there is none."""
    worker = await Worker.standing(worker_id, tx)
    if worker is None:
        raise unknown()
    return worker


async def engagements_of(worker_id: str) -> list[Engagement]:
    """A person's engagements, the earliest first."""
    return await find(Engagement, {"worker_id": worker_id}, sort="started_on")
