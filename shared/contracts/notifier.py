"""What the notifier tells."""

from __future__ import annotations

from typing import Literal

from shared.contracts.base import Fact, Id, Instant, Topic, event

DELIVERY = Topic("notifier.delivery")
WEBHOOK = Topic("notifier.webhook", partitions=1)

WebhookFault = Literal["gone", "failing", "unconfirmed"]
"""Why a webhook was switched off: it answered 410, it failed for days, or it never answered its challenge."""


class DeliveryFact(Fact, frozen=True, kw_only=True):
    """A message to one person or platform, without its text and without where it went."""

    delivery_id: Id
    template: str
    recipient: Id
    channel: Literal["sms", "push"]


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
