"""What officers send of broadcasts, and what they see."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Literal, Self

from pydantic import BaseModel, Field

from services.notifier.broadcasts import rules
from services.notifier.broadcasts.commands import Written
from services.notifier.broadcasts.documents import Broadcast
from services.notifier.deliveries.documents import Delivery
from services.notifier.deliveries.rules import State as DeliveryState
from services.notifier.notices.rows import Channel
from services.notifier.recipients.documents import Contact
from services.notifier.sheets.documents import SheetFault, SheetRow
from shared.contracts.notifier import BroadcastKind
from shared.contracts.platform import Industry
from shared.identity.masking import mask_name, mask_phone
from shared.storage.client import Row
from shared.web.fields import District, Uscc


class BroadcastBody(BaseModel):
    """A broadcast as an officer writes it. `text` is what the SMS says, without the signature, and as it was filed with the
    provider under `template`; the app shows it below `title`."""

    kind: BroadcastKind
    urgent: bool = Field(False, description="severe weather that cannot wait for the end of the quiet hours")
    title: Annotated[str, Field(min_length=1, max_length=30)]
    text: Annotated[str, Field(min_length=1, max_length=300, description="one or two SMS; no personal data")]
    template: Annotated[str, Field(pattern=r"^[A-Za-z0-9_]{1,40}$", description="the code the text is filed under")]
    districts: Annotated[list[District], Field(max_length=6, description="none: all that the officer reaches")] = []
    industries: Annotated[list[Industry], Field(max_length=5, description="none: all")] = []
    platforms: Annotated[list[Uscc], Field(max_length=50, description="none: all")] = []

    @property
    def written(self) -> Written:
        return Written(**dict(self))


class BroadcastView(BaseModel):
    """A broadcast. `listed` people have a row once all rows are made; `given` messages went on their way; `unreachable` people
    are known to nobody (any more), `declined` ones want to hear of no such thing. Of a `sheet`: how many people it names, and how many
    of its cells were bad."""

    id: str
    department: str
    district: str
    kind: BroadcastKind
    urgent: bool
    title: str
    text: str
    sms_parts: int
    template: str
    districts: list[str]
    industries: list[Industry]
    platforms: list[str]
    sheet: str | None
    sheet_people: int
    sheet_faults: int
    state: rules.State
    paused_for: Literal["officer", "failures"] | None
    listed: int
    given: int
    unreachable: int
    declined: int
    created_at: dt.datetime
    approved_at: dt.datetime | None
    finished_at: dt.datetime | None

    @classmethod
    def of(cls, broadcast: Broadcast) -> Self:
        title, text = broadcast.words
        shown = broadcast.model_dump(include=set(cls.model_fields) - {"title", "text", "sms_parts"})
        return cls(**shown, title=title, text=text, sms_parts=rules.sms_parts(text))


class ProgressView(BroadcastView):
    """A broadcast with its rows counted by their state. `withdrawn` were unreachable."""

    rows: dict[DeliveryState, int]


class Example(BaseModel):
    """One of the people whom a broadcast would reach, masked."""

    name: str
    phone: str
    district: str | None
    industry: Industry | None

    @classmethod
    def of_sheet(cls, row: SheetRow, contact: Contact | None) -> Self:
        known = contact is not None and contact.known
        name = mask_name(contact.clear_name) if contact is not None and known else ""
        phone = mask_phone(contact.clear_phone if contact is not None and known else row.clear_phone or "")
        return cls(name=name, phone=phone, district=None, industry=None)

    @classmethod
    def of(cls, engagement: Row, contact: Contact) -> Self:
        name, phone = mask_name(contact.clear_name), mask_phone(contact.clear_phone)
        return cls(name=name, phone=phone, district=engagement["district"], industry=engagement["industry"])


class Preview(BaseModel):
    """Whom a broadcast would reach now: how many `people`, and some of them; `sms` are charged at most."""

    people: int
    sms: int
    examples: list[Example]


class FaultView(BaseModel):
    """A bad cell of a sheet, as in `C17: ...`."""

    cell: str
    zh: str
    en: str

    @classmethod
    def of(cls, fault: SheetFault) -> Self:
        return cls(cell=fault.cell, zh=f"{fault.cell}：{fault.zh}", en=f"{fault.cell}: {fault.en}")


class RowView(BaseModel):
    """What became of one person's message."""

    worker_id: str
    district: str | None
    state: DeliveryState
    channel: Channel | None
    reason: str | None
    sent_at: dt.datetime | None
    finished_at: dt.datetime | None

    @classmethod
    def of(cls, delivery: Delivery) -> Self:
        shown = delivery.model_dump(include=set(cls.model_fields) - {"worker_id"})
        return cls(**shown, worker_id=delivery.recipient or "")
