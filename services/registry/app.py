"""The registry: what it is made of."""

from __future__ import annotations

from services.registry.gateway import api as gateway_api
from services.registry.gateway import batches
from services.registry.gateway.documents import Batch, SigningSecret
from shared.service import Service

service = Service(
    "registry",
    title="Registry 登记",
    description="Who works through whom, on what legal footing; and the gateway that platforms push their events to.",
    documents=[Batch, SigningSecret],
    routers=[gateway_api.router],
    modules=[],
    background=[batches.sweep],
    pending=batches.held_count,
    republish=batches.republish,
)
