"""What the notifier tells."""

from __future__ import annotations

from typing import Literal

from shared.contracts.base import Fact, Id, Topic, event

DELIVERY = Topic("notifier.delivery")


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
