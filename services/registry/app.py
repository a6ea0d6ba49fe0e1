"""The registry: what it is made of."""

from __future__ import annotations

from services.registry import statistics
from services.registry.agreements import api as agreements_api
from services.registry.agreements import timers as agreement_timers
from services.registry.bargaining import api as bargaining_api
from services.registry.bargaining import contracts_api as collective_contracts_api
from services.registry.bargaining import timers as bargaining_timers
from services.registry.bargaining.documents import CollectiveContract, Consultation, ContractNumber
from services.registry.cooperations import api as cooperations_api
from services.registry.cooperations import shares_api
from services.registry.cooperations import timers as cooperation_timers
from services.registry.cooperations.documents import Cooperation, DispatchWatch
from services.registry.dossier import api as dossier_api
from services.registry.dossier import consumers as dossier_events
from services.registry.dossier.documents import DossierEntry
from services.registry.employment import api as employment_api
from services.registry.employment.documents import CertificateSeries, Employment
from services.registry.engagements import api as engagements_api
from services.registry.engagements import bulk, footing_api
from services.registry.engagements import consumers as engagement_events
from services.registry.engagements.documents import Account, Engagement, FootingContest
from services.registry.enterprises import api as enterprises_api
from services.registry.enterprises import consumers as enterprise_events
from services.registry.enterprises.documents import Enterprise
from services.registry.gateway import api as gateway_api
from services.registry.gateway import batches, sealing
from services.registry.gateway.documents import Batch, SigningSecret
from services.registry.licences import api as licences_api
from services.registry.licences import timers as licence_timers
from services.registry.licences.documents import Licence
from services.registry.restrictions import api as restrictions_api
from services.registry.restrictions import consumers as listing_events
from services.registry.restrictions import timers as restriction_timers
from services.registry.restrictions.documents import Restriction
from services.registry.safety import api as safety_api
from services.registry.safety import timers as safety_timers
from services.registry.safety.documents import TrainingRecord
from services.registry.unions import api as unions_api
from services.registry.unions import consumers as union_events
from services.registry.unions import stations_api
from services.registry.unions.documents import Membership, Station, Union
from services.registry.workers import api as workers_api
from services.registry.workers import own_api
from services.registry.workers import timers as worker_timers
from services.registry.workers.documents import Identity, Worker
from shared.service import Service
from shared.storage.audit import AuditEntry

service = Service(
    "registry",
    title="Registry 登记",
    description="Who works through whom, on what legal footing; and the gateway that platforms push their events to.",
    documents=[
        Account,
        AuditEntry,
        Batch,
        CertificateSeries,
        CollectiveContract,
        Consultation,
        ContractNumber,
        Cooperation,
        DispatchWatch,
        DossierEntry,
        Employment,
        Engagement,
        Enterprise,
        FootingContest,
        Identity,
        Licence,
        Membership,
        Restriction,
        SigningSecret,
        Station,
        TrainingRecord,
        Union,
        Worker,
    ],
    routers=[
        gateway_api.router,
        enterprises_api.router,
        licences_api.router,
        cooperations_api.router,
        shares_api.router,
        restrictions_api.router,
        own_api.router,
        dossier_api.router,
        workers_api.router,
        bulk.router,
        engagements_api.router,
        footing_api.router,
        agreements_api.router,
        employment_api.router,
        safety_api.router,
        unions_api.creating,
        unions_api.router,
        stations_api.creating,
        stations_api.router,
        bargaining_api.creating,
        bargaining_api.router,
        collective_contracts_api.creating,
        collective_contracts_api.router,
        statistics.router,
    ],
    modules=[
        dossier_events,
        enterprise_events,
        listing_events,
        restriction_timers,
        licence_timers,
        cooperation_timers,
        engagement_events,
        agreement_timers,
        safety_timers,
        worker_timers,
        bargaining_timers,
        union_events,
    ],
    background=[batches.sweep],
    pending=batches.held_count,
    republish=batches.republish,
    last_sealed=sealing.last_sealed,
)
