"""The registry: what it is made of."""

from __future__ import annotations

from services.registry.admission import api as admission_api
from services.registry.admission.documents import SigningSecret
from services.registry.agreements import api as agreements_api
from services.registry.agreements import commands as agreements
from services.registry.agreements import timers as agreements_timers
from services.registry.batches import commands as batches
from services.registry.batches import keys
from services.registry.batches.documents import Batch
from services.registry.collective_contracts import api as collective_contracts_api
from services.registry.collective_contracts import commands as collective_contracts
from services.registry.collective_contracts import timers as collective_contracts_timers
from services.registry.collective_contracts.documents import CollectiveContract, ContractNumber
from services.registry.consultations import api as consultations_api
from services.registry.consultations import commands as consultations
from services.registry.consultations import timers as consultations_timers
from services.registry.consultations.documents import Consultation
from services.registry.contests import api as contests_api
from services.registry.contests.documents import FootingContest
from services.registry.contract_terms import api as contract_terms_api
from services.registry.contract_terms import timers as contract_terms_timers
from services.registry.cooperations import api as cooperations_api
from services.registry.cooperations import timers as cooperations_timers
from services.registry.cooperations.documents import Cooperation
from services.registry.courses import api as courses_api
from services.registry.courses.documents import ReportedCourse
from services.registry.department_records import api as department_records_api
from services.registry.department_records.documents import DepartmentRecord
from services.registry.disclosure import api as disclosure_api
from services.registry.dispatch_share import api as dispatch_share_api
from services.registry.dispatch_share import timers as dispatch_share_timers
from services.registry.dispatch_share.documents import DispatchWatch
from services.registry.dossier import api as dossier_api
from services.registry.dossier import consumers as dossier_consumers
from services.registry.dossier.documents import DossierEntry
from services.registry.employment import api as employment_api
from services.registry.employment import timers as employment_timers
from services.registry.employment import unemployment_api
from services.registry.employment.documents import CertificateSeries, Employment
from services.registry.engagements import cli as engagements_cli
from services.registry.engagements.documents import Account, Engagement
from services.registry.enterprises import api as enterprises_api
from services.registry.enterprises import consumers as enterprises_consumers
from services.registry.enterprises.documents import Enterprise
from services.registry.erasure import consumers as erasure_consumers
from services.registry.gateway import api as gateway_api
from services.registry.grounds.documents import Ground
from services.registry.intake import consumers as intake_consumers
from services.registry.intake import timers as intake_timers
from services.registry.licences.documents import Licence, LicencePenalty
from services.registry.licensing import api as licensing_api
from services.registry.licensing import consumers as licensing_consumers
from services.registry.licensing import timers as licensing_timers
from services.registry.memberships import api as memberships_api
from services.registry.memberships import consumers as memberships_consumers
from services.registry.memberships.documents import Membership
from services.registry.mergers import api as mergers_api
from services.registry.restrictions import api as restrictions_api
from services.registry.restrictions import consumers as restrictions_consumers
from services.registry.restrictions import timers as restrictions_timers
from services.registry.restrictions.documents import Restriction
from services.registry.safety import api as safety_api
from services.registry.safety import timers as safety_timers
from services.registry.safety.documents import TrainingRecord
from services.registry.stations import api as stations_api
from services.registry.stations.documents import Station
from services.registry.statistics import api as statistics_api
from services.registry.unions import api as unions_api
from services.registry.unions.documents import Union
from services.registry.workers import api as workers_api
from services.registry.workers import cli as workers_cli
from services.registry.workers import consumers as workers_consumers
from services.registry.workers import timers as workers_timers
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
        DepartmentRecord,
        DispatchWatch,
        DossierEntry,
        Employment,
        Engagement,
        Enterprise,
        FootingContest,
        Ground,
        Identity,
        Licence,
        LicencePenalty,
        Membership,
        ReportedCourse,
        Restriction,
        SigningSecret,
        Station,
        TrainingRecord,
        Union,
        Worker,
    ],
    routers=[
        gateway_api.router,
        admission_api.router,
        enterprises_api.router,
        licensing_api.router,
        cooperations_api.router,
        dispatch_share_api.router,
        restrictions_api.router,
        department_records_api.creating,
        department_records_api.router,
        dossier_api.router,
        workers_api.router,
        mergers_api.router,
        disclosure_api.router,
        contests_api.router,
        agreements_api.router,
        contract_terms_api.router,
        employment_api.router,
        unemployment_api.router,
        safety_api.router,
        courses_api.router,
        unions_api.creating,
        unions_api.router,
        memberships_api.creating,
        memberships_api.router,
        stations_api.creating,
        stations_api.router,
        consultations_api.creating,
        consultations_api.router,
        collective_contracts_api.creating,
        collective_contracts_api.router,
        statistics_api.router,
    ],
    modules=[
        dossier_consumers,
        enterprises_consumers,
        restrictions_consumers,
        restrictions_timers,
        licensing_consumers,
        licensing_timers,
        cooperations_timers,
        dispatch_share_timers,
        intake_consumers,
        intake_timers,
        agreements_timers,
        contract_terms_timers,
        safety_timers,
        workers_consumers,
        erasure_consumers,
        workers_timers,
        employment_timers,
        collective_contracts_timers,
        consultations_timers,
        memberships_consumers,
    ],
    deadlines=[agreements.STORED, collective_contracts.STORED, consultations.STORED],
    background=[batches.sweep],
    pending=batches.held_count,
    republish=batches.republish,
    commands=(*engagements_cli.COMMANDS, *workers_cli.COMMANDS),
    seals=keys.SEALS,
    last_sealed=keys.last_sealed,
)
