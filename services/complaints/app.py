"""The complaints service: what it is made of."""

from __future__ import annotations

from services.complaints.cases import api as cases_api
from services.complaints.cases import code_api, filing_api, hotline_api, officer_api, reporter_api, term_commands
from services.complaints.cases import migrations as cases_migrations
from services.complaints.cases import timers as case_timers
from services.complaints.cases.documents import Case, CaseNumber, HotlineCall
from services.complaints.collective_contracts.documents import CollectiveTerms
from services.complaints.credit import api as credit_api
from services.complaints.credit import commands as credit
from services.complaints.credit import person_api as credit_person_api
from services.complaints.credit import timers as credit_timers
from services.complaints.credit.commands import ListedAct
from services.complaints.credit.documents import Listing
from services.complaints.decisions import api as decisions_api
from services.complaints.decisions.documents import Decision
from services.complaints.directives import api as directives_api
from services.complaints.directives import commands as directives
from services.complaints.directives import timers as directive_timers
from services.complaints.directives.documents import Directive
from services.complaints.disclosures import api as disclosures_api
from services.complaints.disclosures.documents import Disclosure
from services.complaints.disputes import api as disputes_api
from services.complaints.disputes import calendar_commands as disputes
from services.complaints.disputes import counter_api as disputes_counter_api
from services.complaints.disputes import timers as dispute_timers
from services.complaints.disputes.documents import Dispute, DisputeClaim
from services.complaints.draws import verification
from services.complaints.duties import consumers as duties_consumers
from services.complaints.duties.documents import Duty
from services.complaints.evidence import timers as evidence_timers
from services.complaints.evidence.documents import Evidence, EvidencePiece
from services.complaints.inspection_proposals import api as proposals_api
from services.complaints.inspection_proposals import consumers as proposals_consumers
from services.complaints.inspection_proposals.documents import Proposal
from services.complaints.inspections import api as inspections_api
from services.complaints.inspections import commands as inspections
from services.complaints.inspections import migrations as inspections_migrations
from services.complaints.inspections import timers as inspection_timers
from services.complaints.inspections.documents import Campaign, Draw, Inspection
from services.complaints.intake import api as intake_api
from services.complaints.intake import consumers as intake_consumers
from services.complaints.intake import hours_commands as hours
from services.complaints.intake import timers as intake_timers
from services.complaints.investigations import api as investigations_api
from services.complaints.investigations import code_api as files_by_code
from services.complaints.investigations import commands as investigations
from services.complaints.investigations import timers as investigation_timers
from services.complaints.investigations.documents import ExtensionRequest, Inquiry, InvestigationStep
from services.complaints.joint import api as joint_api
from services.complaints.joint import migrations as joint_migrations
from services.complaints.joint import timers as joint_timers
from services.complaints.joint.documents import JointTask
from services.complaints.leads import api as leads_api
from services.complaints.leads import migrations as leads_migrations
from services.complaints.leads.documents import Lead, Reckoning
from services.complaints.legal_aid import api as legal_aid_api
from services.complaints.legal_aid import timers as legal_aid_timers
from services.complaints.legal_aid.documents import Lawyer, LegalAid
from services.complaints.members import consumers as members_consumers
from services.complaints.members.documents import Member, MergedWorker, UnionOnFile
from services.complaints.officers import api as officers_api
from services.complaints.officers.documents import Load, Officer
from services.complaints.parties import consumers as parties_consumers
from services.complaints.parties.documents import Engagement, Enterprise, ErasedWorker, Moved
from services.complaints.pay import api as pay_api
from services.complaints.pay import commands as pay
from services.complaints.pay import consumers as pay_consumers
from services.complaints.pay import migrations as pay_migrations
from services.complaints.pay import timers as pay_timers
from services.complaints.pay.documents import PayLaw, Settlement, WorkInterval
from services.complaints.penalties import api as penalties_api
from services.complaints.penalties.documents import PaymentReceipt, Penalty, PunishedAct
from services.complaints.penalty_contests import api as penalty_contest_api
from services.complaints.penalty_decisions import api as penalty_decision_api
from services.complaints.penalty_decisions import calendar_commands as penalty_days
from services.complaints.penalty_decisions import letter_api as penalty_letter_api
from services.complaints.penalty_decisions import timers as penalty_day_timers
from services.complaints.penalty_filing import api as penalty_filing_api
from services.complaints.penalty_filing import evidence_api as penalty_evidence_api
from services.complaints.penalty_filing import monitoring_api as penalty_monitoring_api
from services.complaints.penalty_hearings import api as penalty_hearing_api
from services.complaints.penalty_payments import agreement_api as penalty_agreement_api
from services.complaints.penalty_payments import api as penalty_payment_api
from services.complaints.penalty_payments import correction_api as penalty_correction_api
from services.complaints.penalty_payments import timers as penalty_payment_timers
from services.complaints.penalty_publication import api as penalty_publication_api
from services.complaints.preservations import api as preservations_api
from services.complaints.preservations import timers as preservation_timers
from services.complaints.preservations.documents import Preservation
from services.complaints.procedures.documents import ClaimProcedures
from services.complaints.recusals import api as recusals_api
from services.complaints.recusals.documents import RecusalRequest
from services.complaints.responsible_persons import api as penalty_person_api
from services.complaints.rest import consumers as rest_consumers
from services.complaints.rest import timers as rest_timers
from services.complaints.rest.documents import Prompted
from services.complaints.rulings import api as rulings_api
from services.complaints.rulings.documents import Ruling
from services.complaints.spot_penalties import api as penalty_spot_api
from services.complaints.statistics import api as statistics_api
from services.complaints.statistics import commands as statistics
from services.complaints.statistics import consumers as statistics_consumers
from services.complaints.statistics import timers as statistics_timers
from services.complaints.statistics.documents import Counted, Tally
from services.complaints.terms import commands as terms
from services.complaints.terms import timers as term_timers
from services.complaints.terms.documents import Term
from services.complaints.trials import api as trials_api
from services.complaints.trials import commands as trials
from services.complaints.trials import timers as trials_timers
from services.complaints.union_filings import api as union_filings_api
from services.complaints.union_filings import timers as union_filing_timers
from services.complaints.union_filings.documents import UnionFiling
from services.complaints.unpaid import commands as unpaid
from services.complaints.unpaid import timers as unpaid_timers
from services.complaints.work_time.documents import WorkDay
from shared.service import Service
from shared.storage.audit import AuditEntry
from shared.trials.cli import trial_command
from shared.trials.documents import Trial

service = Service(
    "complaints",
    title="Xindun complaints 投诉举报与合规线索",
    description="Complaints and reports of platform workers, and leads that the data of platforms gives.",
    documents=[
        Case,
        CaseNumber,
        HotlineCall,
        InvestigationStep,
        Inquiry,
        ExtensionRequest,
        Decision,
        Disclosure,
        RecusalRequest,
        Directive,
        Penalty,
        PaymentReceipt,
        PunishedAct,
        Preservation,
        Listing,
        ListedAct,
        Engagement,
        Enterprise,
        Moved,
        ErasedWorker,
        UnionOnFile,
        Member,
        MergedWorker,
        UnionFiling,
        WorkInterval,
        WorkDay,
        Prompted,
        Settlement,
        PayLaw,
        Duty,
        Lead,
        Reckoning,
        CollectiveTerms,
        Officer,
        Load,
        Evidence,
        EvidencePiece,
        Term,
        LegalAid,
        Lawyer,
        Campaign,
        Draw,
        Inspection,
        Proposal,
        JointTask,
        Dispute,
        DisputeClaim,
        ClaimProcedures,
        Ruling,
        Counted,
        Tally,
        Trial,
        AuditEntry,
    ],
    routers=[
        filing_api.filing,
        filing_api.router,
        code_api.router,
        union_filings_api.creating,
        union_filings_api.router,
        reporter_api.router,
        officer_api.router,
        cases_api.router,
        hotline_api.router,
        investigations_api.steps,
        investigations_api.router,
        investigations_api.inquiry_files,
        investigations_api.case_files,
        files_by_code.router,
        decisions_api.router,
        disclosures_api.requests,
        disclosures_api.router,
        directives_api.creating,
        directives_api.router,
        directives_api.files,
        penalty_publication_api.public,
        penalty_publication_api.router,
        penalty_spot_api.creating,
        penalty_spot_api.router,
        penalty_filing_api.creating,
        penalty_filing_api.router,
        penalty_hearing_api.router,
        penalty_decision_api.router,
        penalty_letter_api.router,
        penalty_payment_api.router,
        penalty_correction_api.router,
        penalty_agreement_api.router,
        penalty_person_api.creating,
        penalty_person_api.router,
        penalty_contest_api.router,
        penalty_evidence_api.files,
        penalty_evidence_api.router,
        penalty_monitoring_api.router,
        penalties_api.router,
        preservations_api.creating,
        preservations_api.router,
        credit_api.creating,
        credit_api.router,
        credit_person_api.router,
        leads_api.router,
        intake_api.router,
        pay_api.router,
        officers_api.router,
        legal_aid_api.creating,
        legal_aid_api.router,
        inspections_api.public,
        inspections_api.creating,
        inspections_api.router,
        inspections_api.files,
        proposals_api.router,
        joint_api.creating,
        joint_api.router,
        disputes_api.creating,
        disputes_api.router,
        disputes_api.files,
        disputes_counter_api.router,
        recusals_api.asking,
        recusals_api.router,
        recusals_api.by_code,
        rulings_api.creating,
        rulings_api.router,
        statistics_api.router,
        trials_api.router,
    ],
    modules=[
        case_timers,
        union_filing_timers,
        term_timers,
        investigation_timers,
        inspection_timers,
        directive_timers,
        penalty_day_timers,
        penalty_payment_timers,
        preservation_timers,
        credit_timers,
        legal_aid_timers,
        dispute_timers,
        evidence_timers,
        intake_consumers,
        intake_timers,
        parties_consumers,
        members_consumers,
        pay_consumers,
        pay_timers,
        proposals_consumers,
        joint_timers,
        duties_consumers,
        rest_consumers,
        rest_timers,
        statistics_consumers,
        statistics_timers,
        trials_timers,
        unpaid_timers,
    ],
    migrations=[
        leads_migrations.COLLECTIVE_CONTRACT,
        leads_migrations.FINDINGS,
        pay_migrations.LEADS,
        cases_migrations.REPORTS,
        inspections_migrations.CIRCLES,
        joint_migrations.CIRCLES,
    ],
    deadlines=[
        credit.STORED,
        directives.STORED,
        disputes.EARLIER,
        disputes.STORED,
        investigations.STORED,
        inspections.STORED,
        penalty_days.STORED,
    ],
    at_start=[
        terms.recalculate,
        pay.follow_law,
        hours.follow_law,
        unpaid.begin,
        term_commands.copy_terms,
        statistics.begin,
    ],
    commands=[
        verification.DRAW,
        trial_command(trials.STAGES),
    ],
)
