"""The insurance service: what it is made of."""

from __future__ import annotations

from services.insurance import statistics
from services.insurance.benefits import api as benefits_api
from services.insurance.benefits import money_api as benefits_money_api
from services.insurance.benefits import timers as benefits_timers
from services.insurance.benefits.documents import Advance, Benefit, Recovery
from services.insurance.claims import api as claims_api
from services.insurance.claims import consumers as claims_consumers
from services.insurance.claims import decisions_api as claims_decisions_api
from services.insurance.claims import files_api as claims_files_api
from services.insurance.claims import outcomes_api as claims_outcomes_api
from services.insurance.claims import steps_api as claims_steps_api
from services.insurance.claims import timers as claims_timers
from services.insurance.claims.documents import Claim, ClaimPhoto, ClaimPhotoChunk, Incident
from services.insurance.cover import api as cover_api
from services.insurance.cover import timers as cover_timers
from services.insurance.cover.documents import Policy, PolicyNumber, Watch
from services.insurance.enrolment import api as enrolment_api
from services.insurance.enrolment import consumers as enrolment_consumers
from services.insurance.enrolment import timers as enrolment_timers
from services.insurance.enrolment.documents import EngagedPerson, Enrolment, Person
from services.insurance.exchange import api as exchange_api
from services.insurance.exchange import commands as exchange
from services.insurance.exchange import consumers as exchange_consumers
from services.insurance.exchange import payments_api, province, wire
from services.insurance.exchange import timers as exchange_timers
from services.insurance.exchange.documents import Contribution, Difference, Holder, Merged, Pull, Reconciliation
from services.insurance.footing import consumers as footing_consumers
from services.insurance.footing.documents import Footing, Platform
from services.insurance.outlets import api as outlets_api
from services.insurance.outlets import consumers as outlets_consumers
from services.insurance.outlets import statements_api as outlet_statements_api
from services.insurance.outlets import timers as outlets_timers
from services.insurance.outlets.documents import Outlet, OutletList, OutletMark, OutletStatement
from services.insurance.premiums import api as premiums_api
from services.insurance.premiums import billing, bills_api, operating, orders_api, rates_api
from services.insurance.premiums import consumers as premiums_consumers
from services.insurance.premiums import timers as premiums_timers
from services.insurance.premiums.documents import Bill, Closing, Entry, MonthEnd, Payment, Rate, Sheet
from services.insurance.qualification import api as qualification_api
from services.insurance.qualification import consumers as qualification_consumers
from services.insurance.qualification import timers as qualification_timers
from services.insurance.qualification.documents import Check, Checked
from services.insurance.rights import api as rights_api
from services.insurance.transfers import api as transfers_api
from services.insurance.transfers import timers as transfers_timers
from services.insurance.transfers.documents import Moving, Transfer
from shared.service import Service
from shared.storage.audit import AuditEntry

service = Service(
    "insurance",
    title="Xindun insurance 社会保险与职业伤害保障",
    description="Enrolments, premiums per order and monthly bills, and claims after accidents.",
    documents=[
        Footing,
        Platform,
        Person,
        EngagedPerson,
        Enrolment,
        Outlet,
        OutletMark,
        OutletList,
        OutletStatement,
        Entry,
        Sheet,
        Bill,
        Payment,
        Rate,
        Closing,
        MonthEnd,
        Claim,
        Incident,
        ClaimPhoto,
        ClaimPhotoChunk,
        Benefit,
        Advance,
        Recovery,
        Policy,
        PolicyNumber,
        Watch,
        Holder,
        Merged,
        Contribution,
        Pull,
        Difference,
        Reconciliation,
        Transfer,
        Moving,
        Check,
        Checked,
        AuditEntry,
    ],
    routers=[
        enrolment_api.router,
        outlets_api.router,
        outlet_statements_api.router,
        premiums_api.router,
        bills_api.router,
        rates_api.router,
        orders_api.router,
        claims_api.router,
        claims_steps_api.router,
        claims_decisions_api.router,
        claims_outcomes_api.router,
        claims_files_api.router,
        benefits_api.router,
        benefits_money_api.router,
        cover_api.router,
        exchange_api.router,
        payments_api.router,
        transfers_api.router,
        qualification_api.router,
        rights_api.router,
        statistics.router,
    ],
    modules=[
        footing_consumers,
        enrolment_consumers,
        enrolment_timers,
        outlets_consumers,
        outlets_timers,
        exchange_consumers,
        exchange_timers,
        transfers_timers,
        qualification_consumers,
        qualification_timers,
        premiums_consumers,
        premiums_timers,
        claims_consumers,
        claims_timers,
        benefits_timers,
        cover_timers,
    ],
    at_start=[province.check_settings, billing.begin, exchange.begin],
    background=[wire.close_at_end],
    commands=operating.COMMANDS,
)
