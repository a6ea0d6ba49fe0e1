"""What the notifier tells."""

from __future__ import annotations

from typing import Literal, TypedDict

from shared.contracts.base import Fact, Id, Instant, Topic, event

DELIVERY = Topic("notifier.delivery")
BROADCAST = Topic("notifier.broadcast", partitions=1)
WEBHOOK = Topic("notifier.webhook", partitions=1)

WebhookFault = Literal["gone", "failing", "unconfirmed"]
"""Why a webhook was switched off: it answered 410, it failed for days, or it never answered its challenge."""

BroadcastKind = Literal["weather", "legal_education", "publicity", "rest"]
"""德人社发〔2022〕95号: a warning of severe weather (art. 7), legal education (art. 1), publicity, a prompt to rest (art. 6)."""


class DeliveryFact(Fact, frozen=True, kw_only=True):
    """A message to one person or platform, without its text and without where it went. `private`: that there is such a message is
    for its recipient alone (who reports in confidence, or asks for legal aid)."""

    delivery_id: Id
    template: str
    recipient: Id
    channel: Literal["sms", "push", "email"]
    private: bool = False


@event("cn.deyang.notifier.delivery.sent.v1", topic=DELIVERY, key="delivery_id")
class DeliverySent(DeliveryFact, frozen=True, kw_only=True):
    """The gateway has taken the message."""


@event("cn.deyang.notifier.delivery.delivered.v1", topic=DELIVERY, key="delivery_id")
class DeliveryDelivered(DeliveryFact, frozen=True, kw_only=True):
    """A receipt says that the message arrived."""


@event("cn.deyang.notifier.delivery.failed.v1", topic=DELIVERY, key="delivery_id")
class DeliveryFailed(DeliveryFact, frozen=True, kw_only=True):
    """The message was given up."""

    reason: str


@event("cn.deyang.notifier.webhook.disabled.v1", topic=WEBHOOK, key="webhook_id")
class WebhookDisabled(Fact, frozen=True, kw_only=True):
    """A platform's webhook was switched off, and not by the platform. `failing_since`: when its trouble began."""

    webhook_id: Id
    platform: Id
    reason: WebhookFault
    failing_since: Instant


class BroadcastFact(Fact, frozen=True, kw_only=True):
    """One text to many people, as it stands after this event.

    `district` is that of the officer who made it; 510600 is the whole city. `given` messages went on their way, of which
    `failed` did not arrive by then.
    """

    broadcast_id: Id
    kind: BroadcastKind
    lead_department: str
    district: str
    given: int
    failed: int


class BroadcastFields(TypedDict):
    """The fields of `BroadcastFact`, for whoever makes its events."""

    broadcast_id: Id
    kind: BroadcastKind
    lead_department: str
    district: str
    given: int
    failed: int


@event("cn.deyang.notifier.broadcast.paused.v1", topic=BROADCAST, key="broadcast_id")
class BroadcastPaused(BroadcastFact, frozen=True, kw_only=True):
    """Too many of its messages did not arrive, so that it has paused by itself."""


@event("cn.deyang.notifier.broadcast.finished.v1", topic=BROADCAST, key="broadcast_id")
class BroadcastFinished(BroadcastFact, frozen=True, kw_only=True):
    """Everybody's message is on its way, or an officer has stopped it; receipts of the last ones may still come."""

    outcome: Literal["finished", "stopped"]
