"""Deliveries as HTTP shows them."""

from __future__ import annotations

import datetime as dt
from typing import Self

from pydantic import BaseModel

from services.notifier.deliveries.documents import Delivery
from services.notifier.deliveries.rules import State
from services.notifier.notices.rows import Channel
from services.notifier.notices.rules import RecipientKind
from services.notifier.notices.table import PRIVATE
from services.notifier.providers.rules import Name
from services.notifier.recipients.documents import Contact
from shared.identity.masking import mask_email, mask_name, mask_phone
from shared.policy.calendar import SHANGHAI


class DeliveryView(BaseModel):
    """A message and what became of it. `phone` is where an SMS went and `email` where an e-mail, masked, and `provider`
    whom an SMS went through; null otherwise.
    `not_before`: when it may go out, with the zone of its quiet hours; null where it went at once. `uncertain`: nobody can say
    whether it went out, or (`NO_RECEIPT`) whether it arrived; it is not sent again unless somebody says so."""

    id: str
    title: str
    text: str
    kind: RecipientKind
    recipient: str
    recipient_name: str
    phone: str | None
    email: str | None
    channel: Channel | None
    provider: Name | None
    state: State
    attempts: int
    reason: str | None
    not_before: dt.datetime | None
    created_at: dt.datetime
    sent_at: dt.datetime | None
    finished_at: dt.datetime | None
    read_at: dt.datetime | None

    @classmethod
    def of(cls, delivery: Delivery, contact: Contact | None) -> Self:
        name, phone, email = "", None, None
        title, text = delivery.words
        if contact is not None and contact.known:
            clear = contact.clear_name
            name = mask_name(clear) if delivery.kind in ("worker", "kin") else clear
        if delivery.channel == "sms" and delivery.clear_address:
            phone = mask_phone(delivery.clear_address)
        if delivery.channel == "email" and delivery.clear_address:
            email = mask_email(delivery.clear_address)
        return cls(
            id=delivery.id,
            title=title,
            text=text,
            kind=delivery.kind,
            recipient=delivery.recipient or "",
            recipient_name=name,
            phone=phone,
            email=email,
            channel=delivery.channel,
            provider=delivery.provider,
            state=delivery.state,
            attempts=delivery.attempts,
            reason=delivery.reason,
            not_before=delivery.not_before and delivery.not_before.astimezone(SHANGHAI),
            created_at=delivery.created_at,
            sent_at=delivery.sent_at,
            finished_at=delivery.finished_at,
            read_at=delivery.read_at,
        )


class UncertainView(BaseModel):
    """A message of which nobody can say whether it went out, as whoever decides on it sees it: which one, by which way and
    provider, since when; never its text, and `title` and `recipient` not where it is private (who reports in confidence, or asks
    for legal aid)."""

    id: str
    private: bool
    title: str | None
    kind: RecipientKind
    recipient: str | None
    district: str | None
    channel: Channel | None
    provider: Name | None
    urgent: bool
    state: State
    attempts: int
    reason: str | None
    created_at: dt.datetime
    sent_at: dt.datetime | None
    finished_at: dt.datetime | None

    @classmethod
    def of(cls, delivery: Delivery) -> Self:
        private = delivery.template in PRIVATE
        kept = {*cls.model_fields} - {"id", "private", "title", "recipient"}
        return cls(
            id=delivery.id,
            private=private,
            title=None if private else delivery.words[0],
            recipient=None if private else delivery.recipient,
            **delivery.model_dump(include=kept),
        )


class HandOvers(BaseModel):
    """How soon messages of one channel, or by one SMS provider, were handed over on a day: all of them, and within 1, 10 and 60
    seconds. `awaited`: those that are urgent or that the law demands, for which `HandOverStatistics.goal_percent` is meant."""

    channel: Channel
    provider: Name | None
    awaited: bool
    messages: int
    within_1s: int
    within_10s: int
    within_60s: int


class HandOverStatistics(BaseModel):
    """The hand-overs of a day in Asia/Shanghai, from the event, or the end of holding or quiet hours, to the gateway's word.

    `goal_percent`: how many of a hundred that are awaited are to be handed over within a second.
    """

    day: dt.date
    goal_percent: str
    hand_overs: list[HandOvers]


class ChannelFigures(BaseModel):
    """How many messages a gateway took on one way; `provider` is that of an SMS, where it is known."""

    channel: Channel
    provider: Name | None
    sent: int
    delivered: int


class ChannelStatistics(BaseModel):
    """The messages by the way that they went."""

    channels: list[ChannelFigures]


class Statistics(BaseModel):
    """`sent` were taken by a gateway, whatever became of them then; `failed` were refused, lost or given up; of those that are
    `uncertain` nobody can say whether a gateway took them, or, where they are among the `sent`, whether they arrived."""

    sent: int
    delivered: int
    failed: int
    uncertain: int
