"""The registry: what it is made of."""

from __future__ import annotations

from services.registry import statistics
from services.registry.engagements import api as engagements_api
from services.registry.engagements import consumers as engagement_events
from services.registry.engagements.documents import Account, Engagement
from services.registry.enterprises import api as enterprises_api
from services.registry.enterprises import consumers as enterprise_events
from services.registry.enterprises.documents import Enterprise
from services.registry.gateway import api as gateway_api
from services.registry.gateway import batches
from services.registry.gateway.documents import Batch, SigningSecret
from services.registry.safety.documents import TrainingRecord
from services.registry.workers import api as workers_api
from services.registry.workers.documents import AuditEntry, Worker
from shared.service import Service

service = Service(
    "registry",
    title="Registry 登记",
    description="Who works through whom, on what legal footing; and the gateway that platforms push their events to.",
    documents=[Account, AuditEntry, Batch, Engagement, Enterprise, SigningSecret, TrainingRecord, Worker],
    routers=[
        gateway_api.router,
        enterprises_api.router,
        workers_api.router,
        engagements_api.router,
        statistics.router,
    ],
    modules=[enterprise_events, engagement_events],
    background=[batches.sweep],
    pending=batches.held_count,
    republish=batches.republish,
)
