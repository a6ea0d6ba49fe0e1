"""The subsidies service: what it is made of."""

from __future__ import annotations

from services.subsidies.bank_results import api as bank_results_api
from services.subsidies.bank_results import timers as bank_results_timers
from services.subsidies.bank_results.documents import ResultEnd, ResultFile, ResultPart
from services.subsidies.batches import api as batches_api
from services.subsidies.batches import timers as batches_timers
from services.subsidies.batches.documents import Batch, BatchDay, BatchLine
from services.subsidies.budgets import api as budgets_api
from services.subsidies.budgets import timers as budgets_timers
from services.subsidies.budgets.documents import Budget, BudgetChange, Reservation
from services.subsidies.bulk import api as bulk_api
from services.subsidies.bulk import timers as bulk_timers
from services.subsidies.bulk.documents import ApplicationSheet, ApplicationSheetRow
from services.subsidies.certificates import api as certificates_api
from services.subsidies.certificates import consumers as certificates_consumers
from services.subsidies.certificates.documents import Certificate, Trainee
from services.subsidies.officers import api as officers_api
from services.subsidies.officers.documents import MoneyOfficer
from services.subsidies.payments import api as payments_api
from services.subsidies.payments.documents import Payment
from services.subsidies.programmes import api as programmes_api
from services.subsidies.programmes.documents import Programme
from services.subsidies.providers import api as providers_api
from services.subsidies.providers import timers as providers_timers
from services.subsidies.providers.documents import Provider
from services.subsidies.recoveries import api as recoveries_api
from services.subsidies.recoveries import timers as recoveries_timers
from services.subsidies.recoveries.documents import Recovery
from services.subsidies.statistics import api as statistics_api
from services.subsidies.training import api as training_api
from services.subsidies.training import consumers as training_consumers
from services.subsidies.training import timers as training_timers
from services.subsidies.training.documents import Applicant, Application
from shared.service import Service
from shared.storage.audit import AuditEntry

service = Service(
    "subsidies",
    title="Xindun subsidies 培训证书与补贴",
    description="Who trains and evaluates, their programmes, certificates of platform workers, and the training subsidy.",
    documents=[
        Trainee,
        Certificate,
        Applicant,
        Application,
        Provider,
        Programme,
        AuditEntry,
        MoneyOfficer,
        Budget,
        Reservation,
        BudgetChange,
        Payment,
        Batch,
        BatchLine,
        BatchDay,
        ResultFile,
        ResultPart,
        ResultEnd,
        Recovery,
        ApplicationSheet,
        ApplicationSheetRow,
    ],
    routers=[
        providers_api.filing,
        providers_api.router,
        programmes_api.opening,
        programmes_api.router,
        certificates_api.router,
        training_api.applying,
        training_api.router,
        officers_api.router,
        budgets_api.proposing,
        budgets_api.router,
        payments_api.router,
        batches_api.making,
        batches_api.router,
        bank_results_api.router,
        recoveries_api.claiming,
        recoveries_api.router,
        bulk_api.router,
        statistics_api.router,
    ],
    modules=[
        providers_timers,
        certificates_consumers,
        training_consumers,
        training_timers,
        budgets_timers,
        batches_timers,
        bank_results_timers,
        recoveries_timers,
        bulk_timers,
    ],
)
