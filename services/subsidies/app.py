"""The subsidies service: what it is made of."""

from __future__ import annotations

from services.subsidies.appeals import api as appeals_api
from services.subsidies.appeals import commands as appeals
from services.subsidies.appeals import timers as appeals_timers
from services.subsidies.appeals.documents import Appeal
from services.subsidies.applications import api as applications_api
from services.subsidies.applications import commands as applications
from services.subsidies.applications import earlier, verification
from services.subsidies.applications import review_api as application_review_api
from services.subsidies.applications import term_commands as application_terms
from services.subsidies.applications import timers as application_timers
from services.subsidies.applications.documents import Application, ApplicationCount
from services.subsidies.applications.earlier import EarlierApplication
from services.subsidies.attendance import api as attendance_api
from services.subsidies.attendance.documents import AttendedSession, Sign
from services.subsidies.bank_results import api as bank_results_api
from services.subsidies.bank_results import timers as bank_results_timers
from services.subsidies.bank_results.documents import ResultEnd, ResultFile, ResultPart
from services.subsidies.batches import api as batches_api
from services.subsidies.batches import timers as batches_timers
from services.subsidies.batches.documents import Batch, BatchDay, BatchLine
from services.subsidies.budgets import api as budgets_api
from services.subsidies.budgets import timers as budgets_timers
from services.subsidies.budgets import year_end
from services.subsidies.budgets.documents import Budget, BudgetChange, Reservation
from services.subsidies.bulk import api as bulk_api
from services.subsidies.bulk import timers as bulk_timers
from services.subsidies.bulk.documents import ApplicationSheet, ApplicationSheetRow
from services.subsidies.certificates import api as certificates_api
from services.subsidies.certificates import consumers as certificates_consumers
from services.subsidies.certificates.documents import Certificate, CertificateKey
from services.subsidies.counselling import api as counselling_api
from services.subsidies.counselling.documents import Referral
from services.subsidies.decisions import commands as decisions
from services.subsidies.decisions.documents import Decision, PaidFact, Subject
from services.subsidies.employment_assistance import api as employment_assistance_api
from services.subsidies.employment_assistance.documents import Offer
from services.subsidies.enrolments import api as enrolments_api
from services.subsidies.enrolments import consumers as enrolments_consumers
from services.subsidies.enrolments import timers as enrolments_timers
from services.subsidies.enrolments.documents import EnrolledPerson, Enrolment, Places
from services.subsidies.examinations import api as examinations_api
from services.subsidies.examinations.documents import Result
from services.subsidies.flexible import api as flexible_api
from services.subsidies.grants import api as grants_api
from services.subsidies.grants.documents import PanelDecision
from services.subsidies.hardship import api as hardship_api
from services.subsidies.hardship.documents import HardshipVisit
from services.subsidies.intake import consumers as intake_consumers
from services.subsidies.intake import timers as intake_timers
from services.subsidies.members import consumers as members_consumers
from services.subsidies.members.documents import Member, UnionOnFile
from services.subsidies.officers import api as officers_api
from services.subsidies.officers.documents import MoneyOfficer
from services.subsidies.payments import api as payments_api
from services.subsidies.payments.documents import Payment
from services.subsidies.persons import api as persons_api
from services.subsidies.persons import consumers as persons_consumers
from services.subsidies.persons.documents import (
    Applicant,
    Contribution,
    Engagement,
    Registration,
    Restriction,
    Unemployment,
)
from services.subsidies.programmes import api as programmes_api
from services.subsidies.programmes.documents import Programme
from services.subsidies.providers import api as providers_api
from services.subsidies.providers import timers as providers_timers
from services.subsidies.providers.documents import Provider
from services.subsidies.public_lists import api as public_lists_api
from services.subsidies.public_lists.documents import Objection
from services.subsidies.recognition import api as recognition_api
from services.subsidies.recognition import commands as recognition
from services.subsidies.recognition import consumers as recognition_consumers
from services.subsidies.recognition import timers as recognition_timers
from services.subsidies.recognition.documents import Recognition
from services.subsidies.recoveries import api as recoveries_api
from services.subsidies.recoveries import commands as recoveries
from services.subsidies.recoveries import timers as recoveries_timers
from services.subsidies.recoveries.documents import CountedTransfer, Recovery
from services.subsidies.revisions import api as revisions_api
from services.subsidies.revisions import commands as revisions
from services.subsidies.revisions import timers as revision_timers
from services.subsidies.revisions.documents import Revision, SubsidyLaw
from services.subsidies.statistics import api as statistics_api
from services.subsidies.titles import api as titles_api
from services.subsidies.titles import consumers as titles_consumers
from services.subsidies.titles.documents import NominatedPerson, Nomination, NominationPiece
from services.subsidies.trainees.documents import Person, Trainee
from services.subsidies.training import consumers as training_consumers
from services.subsidies.training_platform import commands as training_platform
from services.subsidies.training_platform import connection
from services.subsidies.training_platform import consumers as training_platform_consumers
from services.subsidies.training_platform import timers as training_platform_timers
from services.subsidies.training_platform.documents import Fetched
from shared.commands import Command
from shared.service import Service
from shared.storage import sealed
from shared.storage.audit import AuditEntry

decisions.tell_kinds_by(applications.kind_on_file)

service = Service(
    "subsidies",
    title="Xindun subsidies 培训证书与补贴",
    description="Who trains and evaluates, their programmes, certificates of platform workers, and applications for subsidies.",
    documents=[
        Trainee,
        Person,
        Member,
        UnionOnFile,
        CertificateKey,
        Enrolment,
        EnrolledPerson,
        Places,
        AttendedSession,
        Sign,
        Result,
        Nomination,
        NominationPiece,
        NominatedPerson,
        Fetched,
        Certificate,
        Applicant,
        Contribution,
        Registration,
        Unemployment,
        Engagement,
        Restriction,
        Offer,
        Recognition,
        PanelDecision,
        HardshipVisit,
        Referral,
        Application,
        ApplicationCount,
        EarlierApplication,
        Decision,
        PaidFact,
        Subject,
        Revision,
        SubsidyLaw,
        Objection,
        Appeal,
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
        CountedTransfer,
        ApplicationSheet,
        ApplicationSheetRow,
    ],
    routers=[
        providers_api.filing,
        providers_api.router,
        programmes_api.opening,
        programmes_api.router,
        enrolments_api.enrolling,
        enrolments_api.router,
        attendance_api.router,
        examinations_api.router,
        certificates_api.router,
        titles_api.nominating,
        titles_api.router,
        persons_api.router,
        flexible_api.router,
        recognition_api.router,
        employment_assistance_api.offering,
        employment_assistance_api.router,
        grants_api.router,
        hardship_api.visiting,
        hardship_api.router,
        counselling_api.asking,
        counselling_api.router,
        applications_api.filing,
        applications_api.router,
        application_review_api.router,
        revisions_api.router,
        public_lists_api.public,
        public_lists_api.objecting,
        public_lists_api.router,
        appeals_api.router,
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
        enrolments_consumers,
        members_consumers,
        enrolments_timers,
        training_platform_consumers,
        training_platform_timers,
        certificates_consumers,
        titles_consumers,
        training_consumers,
        persons_consumers,
        recognition_consumers,
        recognition_timers,
        application_timers,
        revision_timers,
        intake_consumers,
        intake_timers,
        budgets_timers,
        batches_timers,
        bank_results_timers,
        recoveries_timers,
        appeals_timers,
        bulk_timers,
    ],
    deadlines=[application_terms.STORED, recognition.STORED, recoveries.STORED, appeals.STORED],
    at_start=[connection.check_settings, training_platform.begin, earlier.begin, revisions.follow_law, year_end.begin],
    commands=[
        Command(
            "decisions",
            "take kept decisions again, and compare them byte for byte",
            verification.declare,
            verification.run,
            alone=verification.needs_nothing,
        )
    ],
    background=[connection.LINE.close_at_end],
    seals=("for-notifier-provider",),
    last_sealed=sealed.last_published,
)
