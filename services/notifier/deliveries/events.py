"""What the notifier publishes of a delivery."""

from __future__ import annotations

from services.notifier.deliveries.documents import Delivery
from shared.contracts.notifier import DeliveryDelivered, DeliveryFailed, DeliverySent


def sent(delivery: Delivery) -> DeliverySent:
    recipient, channel = delivery.way
    return DeliverySent(delivery_id=delivery.id, template=delivery.template, recipient=recipient, channel=channel)


def delivered(delivery: Delivery) -> DeliveryDelivered:
    recipient, channel = delivery.way
    return DeliveryDelivered(delivery_id=delivery.id, template=delivery.template, recipient=recipient, channel=channel)


def failed(delivery: Delivery, reason: str) -> DeliveryFailed:
    recipient, channel = delivery.way
    return DeliveryFailed(
        delivery_id=delivery.id, template=delivery.template, recipient=recipient, channel=channel, reason=reason
    )
