"""The insurance service: what it is made of."""

from __future__ import annotations

from services.insurance.advances import api as advances_api
from services.insurance.advances import commands as advances
from services.insurance.advances import timers as advances_timers
from services.insurance.appeals import api as appeals_api
from services.insurance.assessments import api as assessments_api
from services.insurance.benefits import api as benefits_api
from services.insurance.benefits import migrations as benefits_migrations
from services.insurance.benefits import payments as benefit_payments
from services.insurance.benefits import timers as benefits_timers
from services.insurance.benefits.advance_documents import Advance
from services.insurance.benefits.bill_documents import ClaimedBill
from services.insurance.benefits.documents import Benefit
from services.insurance.billing import api as billing_api
from services.insurance.billing import cli
from services.insurance.billing import commands as billing
from services.insurance.billing import payments as bill_payments
from services.insurance.billing import timers as billing_timers
from services.insurance.billing.documents import Bill, Closing, MonthEnd, Payment
from services.insurance.changes import api as changes_api
from services.insurance.changes import consumers as changes_consumers
from services.insurance.claims import api as claims_api
from services.insurance.claims import commands as claims
from services.insurance.claims import consumers as claims_consumers
from services.insurance.claims import deadlines as claim_deadlines
from services.insurance.claims import timers as claims_timers
from services.insurance.claims.documents import Claim, Incident
from services.insurance.contributions import api as contributions_api
from services.insurance.contributions.documents import Contribution
from services.insurance.cover import api as cover_api
from services.insurance.cover import timers as cover_timers
from services.insurance.cover.documents import Policy, PolicyNumber, Watch
from services.insurance.decisions import api as decisions_api
from services.insurance.declarations import api as declarations_api
from services.insurance.declarations import consumers as declarations_consumers
from services.insurance.declarations import timers as declarations_timers
from services.insurance.declarations.documents import AwaitedDeclaration
from services.insurance.deferrals import api as deferrals_api
from services.insurance.deferrals import timers as deferrals_timers
from services.insurance.deferrals.documents import Deferral, DeferredMonth
from services.insurance.dependants import api as dependants_api
from services.insurance.dependants.documents import Register
from services.insurance.differences import api as differences_api
from services.insurance.differences.documents import Difference
from services.insurance.dues import api as dues_api
from services.insurance.dues import commands as dues
from services.insurance.dues import consumers as dues_consumers
from services.insurance.dues import declarations as wage_declarations
from services.insurance.dues import timers as dues_timers
from services.insurance.dues.documents import DuesMonth, EmployedPerson, Figure, MonthDue, UnitMonth
from services.insurance.engagements.documents import Engagement, Platform
from services.insurance.enrolment import api as enrolment_api
from services.insurance.enrolment import migrations as enrolment_migrations
from services.insurance.enrolment import province_requests
from services.insurance.enrolment import timers as enrolment_timers
from services.insurance.enrolment.documents import Enrolment
from services.insurance.entitlements.documents import Entitlement
from services.insurance.erasure import consumers as erasure_consumers
from services.insurance.erasure import timers as erasure_timers
from services.insurance.exchange import api as exchange_api
from services.insurance.exchange import commands as exchange
from services.insurance.exchange import figures as exchange_figures
from services.insurance.exchange import timers as exchange_timers
from services.insurance.exchange.documents import Pull, Reconciliation
from services.insurance.intake import consumers as intake_consumers
from services.insurance.ledger import api as ledger_api
from services.insurance.ledger import consumers as ledger_consumers
from services.insurance.ledger import timers as ledger_timers
from services.insurance.ledger.documents import Entry, Sheet
from services.insurance.liability import api as liability_api
from services.insurance.liability.documents import Liability
from services.insurance.outlet_bills import api as outlet_bills_api
from services.insurance.outlet_bills import commands as outlet_bills
from services.insurance.outlet_bills import timers as outlet_bills_timers
from services.insurance.outlet_bills.documents import OutletBill, OutletPayment
from services.insurance.outlet_filing import api as outlet_filing_api
from services.insurance.outlet_filing import consumers as outlet_filing_consumers
from services.insurance.outlet_filing import timers as outlet_filing_timers
from services.insurance.outlet_filing.documents import OutletList
from services.insurance.outlet_statements import api as outlet_statements_api
from services.insurance.outlet_statements import timers as outlet_statements_timers
from services.insurance.outlet_statements.documents import OutletStatement
from services.insurance.outlets.documents import Outlet, OutletMark
from services.insurance.persons.documents import EngagedPerson, Holder, Merged, Person
from services.insurance.procedure import api as procedure_api
from services.insurance.province import client as province
from services.insurance.province import connection
from services.insurance.qualification import api as qualification_api
from services.insurance.qualification import timers as qualification_timers
from services.insurance.qualification.documents import Check, Checked
from services.insurance.rates import api as rates_api
from services.insurance.rates.documents import Rate
from services.insurance.recoveries import api as recoveries_api
from services.insurance.recoveries import commands as recoveries
from services.insurance.recoveries import timers as recoveries_timers
from services.insurance.recoveries.documents import Recovery
from services.insurance.reports import api as reports_api
from services.insurance.reports import consumers as reports_consumers
from services.insurance.reports.documents import ClaimPhoto, ClaimPhotoChunk
from services.insurance.rights import api as rights_api
from services.insurance.schemes import api as schemes_api
from services.insurance.serving import api as serving_api
from services.insurance.serving import commands as serving
from services.insurance.serving import timers as serving_timers
from services.insurance.statistics import api as statistics_api
from services.insurance.tax import api as tax_api
from services.insurance.tax import commands as tax
from services.insurance.tax import connection as tax_connection
from services.insurance.tax import consumers as tax_consumers
from services.insurance.tax import timers as tax_timers
from services.insurance.tax.documents import TaxComparison, TaxStatement
from services.insurance.transfers import api as transfers_api
from services.insurance.transfers import commands as transfers
from services.insurance.transfers import timers as transfers_timers
from services.insurance.transfers.documents import Moving, Transfer
from services.insurance.trials import api as trials_api
from services.insurance.trials import commands as trials
from services.insurance.trials import timers as trials_timers
from shared.service import Service
from shared.storage import sealed
from shared.storage.audit import AuditEntry
from shared.trials.cli import trial_command
from shared.trials.documents import Trial

service = Service(
    "insurance",
    title="Xindun insurance 社会保险与职业伤害保障",
    description="Enrolments, premiums per order and monthly bills, and claims after accidents.",
    documents=[
        Engagement,
        Platform,
        Holder,
        Merged,
        Person,
        EngagedPerson,
        Rate,
        Outlet,
        OutletMark,
        Enrolment,
        AwaitedDeclaration,
        OutletStatement,
        OutletList,
        OutletBill,
        OutletPayment,
        Entry,
        Sheet,
        Bill,
        Payment,
        Closing,
        MonthEnd,
        Difference,
        Claim,
        Incident,
        ClaimPhoto,
        ClaimPhotoChunk,
        Contribution,
        MonthDue,
        UnitMonth,
        Deferral,
        DeferredMonth,
        EmployedPerson,
        DuesMonth,
        Figure,
        Policy,
        PolicyNumber,
        Watch,
        Transfer,
        Moving,
        Check,
        Checked,
        Entitlement,
        Register,
        Liability,
        Benefit,
        ClaimedBill,
        Advance,
        Recovery,
        Trial,
        Pull,
        Reconciliation,
        TaxStatement,
        TaxComparison,
        AuditEntry,
    ],
    routers=[
        rates_api.router,
        enrolment_api.router,
        declarations_api.router,
        declarations_api.sheets_router,
        outlet_statements_api.router,
        outlet_bills_api.router,
        outlet_filing_api.router,
        ledger_api.router,
        billing_api.router,
        differences_api.router,
        claims_api.router,
        reports_api.router,
        procedure_api.router,
        schemes_api.router,
        decisions_api.router,
        serving_api.router,
        assessments_api.router,
        appeals_api.router,
        contributions_api.router,
        dues_api.router,
        deferrals_api.asking,
        deferrals_api.router,
        cover_api.router,
        transfers_api.router,
        qualification_api.router,
        liability_api.router,
        benefits_api.router,
        advances_api.router,
        recoveries_api.router,
        dependants_api.router,
        changes_api.router,
        rights_api.router,
        exchange_api.router,
        tax_api.router,
        statistics_api.router,
        trials_api.router,
    ],
    modules=[
        enrolment_timers,
        declarations_consumers,
        declarations_timers,
        outlet_statements_timers,
        outlet_bills_timers,
        outlet_filing_consumers,
        outlet_filing_timers,
        ledger_consumers,
        ledger_timers,
        billing_timers,
        claims_consumers,
        claims_timers,
        serving_timers,
        reports_consumers,
        dues_consumers,
        dues_timers,
        deferrals_timers,
        cover_timers,
        transfers_timers,
        qualification_timers,
        benefits_timers,
        advances_timers,
        changes_consumers,
        recoveries_timers,
        trials_timers,
        exchange_timers,
        erasure_consumers,
        erasure_timers,
        tax_consumers,
        tax_timers,
        intake_consumers,
    ],
    at_start=[
        province.check_settings,
        tax_connection.check_settings,
        billing.begin,
        dues.begin,
        wage_declarations.follow_law,
        exchange.begin,
        tax.begin,
    ],
    background=[connection.LINE.close_at_end, tax_connection.LINE.close_at_end],
    deadlines=[
        claims.STORED,
        claim_deadlines.STORED,
        serving.STORED,
        transfers.STORED,
        advances.STORED,
        benefit_payments.STORED,
        recoveries.STORED,
        province_requests.STORED,
        bill_payments.STORED,
        outlet_bills.STORED,
        *dues.STORED,
        tax.STORED,
    ],
    migrations=[enrolment_migrations.DECLARATIONS, benefits_migrations.WAITS],
    figures={"differences": exchange_figures.measure},
    commands=[*cli.COMMANDS, trial_command(trials.STAGES)],
    seals=("for-notifier-kin",),
    last_sealed=sealed.last_published,
)
