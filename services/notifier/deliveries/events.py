"""What the notifier publishes of a delivery."""

from __future__ import annotations

from typing import TypedDict

from services.notifier.deliveries.documents import Delivery
from services.notifier.notices.rows import Channel
from services.notifier.notices.table import PRIVATE
from shared.contracts.notifier import DeliveryDelivered, DeliveryFailed, DeliverySent


class _Fields(TypedDict):
    """The fields of every event on a delivery."""

    delivery_id: str
    template: str
    recipient: str
    channel: Channel
    private: bool


def sent(delivery: Delivery) -> DeliverySent:
    return DeliverySent(**_fields(delivery))


def delivered(delivery: Delivery) -> DeliveryDelivered:
    return DeliveryDelivered(**_fields(delivery))


def failed(delivery: Delivery, reason: str) -> DeliveryFailed:
    return DeliveryFailed(**_fields(delivery), reason=reason)


def _fields(delivery: Delivery) -> _Fields:
    recipient, channel = delivery.way
    return {
        "delivery_id": delivery.id,
        "template": delivery.template,
        "recipient": recipient,
        "channel": channel,
        "private": delivery.template in PRIVATE,
    }
