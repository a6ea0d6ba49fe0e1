"""What HTTP shows of receipts that did not come."""

from __future__ import annotations

from pydantic import BaseModel

from services.notifier.notices.rows import Channel
from services.notifier.providers.rules import Name
from shared.policy.parameters import Used


class LateReceipts(BaseModel):
    """Messages that one gateway took and that have no receipt: it is `asked` about the first; of those that are `unknown` it could
    not say in time whether they arrived, and of these so many wait for an officer (`GET /v1/uncertain-deliveries`)."""

    channel: Channel
    provider: Name | None
    asked: int
    unknown: int
    to_decide: int


class ReceiptStatistics(BaseModel):
    """The messages without a receipt, by gateway, and the parameters that say when it is asked, and until when."""

    gateways: list[LateReceipts]
    used: list[Used]
