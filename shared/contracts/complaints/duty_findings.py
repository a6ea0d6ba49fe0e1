"""What leads show of an enterprise's other duties: papers, insurance, partner firms and licences. Amounts are yuan."""

from __future__ import annotations

from datetime import date
from typing import Literal

import msgspec

from shared.contracts.base import Id, Money, Month, SignedMoney
from shared.contracts.insurance import Insurance, PolicyKind, Scheme
from shared.contracts.registry import LicenceKind, PaperKind, TermFault


class AgreementMissing(msgspec.Struct, frozen=True, kw_only=True, tag_field="kind", tag="agreement_missing"):
    """No paper of the right kind when it was due, or one signed late (劳动合同法 art. 10; 德人社发〔2022〕95 号 art. 2).

    For a labour contract, where the days are known: double wage from one day to another, both included, over `double_wage_months`
    begun, and from when a contract without term is taken to exist (劳动合同法 art. 82; 劳动合同法实施条例 art. 5-7).
    """

    engagement_id: Id
    paper: PaperKind
    due_on: date | None
    signed_on: date | None
    days_late: int | None
    double_wage_from: date | None
    double_wage_until: date | None
    double_wage_months: int | None
    open_ended_from: date | None


class OfContract(msgspec.Struct, frozen=True, kw_only=True):
    """What findings in the terms of a labour contract say: whose it is and what in it is against the law."""

    engagement_id: Id
    agreement_id: Id
    employer: Id
    number: str
    signed_on: date
    faults: tuple[TermFault, ...]


class ProbationUnlawful(OfContract, frozen=True, kw_only=True, tag_field="kind", tag="probation_unlawful"):
    """Probation that may not be agreed, is too long, was agreed before, or is paid too little (劳动合同法 art. 19, 20, 70).

    `void_from` to `void_until`: the days of it beyond what the law allows, both included, up to the last day of work; where it was
    served, compensation by the monthly `pay` after probation is owed for them (art. 83). Null where all of it is allowed. `pay_short`:
    yuan a month that are owed beside what is agreed for the probation.
    """

    void_from: date | None
    void_until: date | None
    void_days: int
    pay: Money | None
    pay_short: Money | None


class DispatchTermsUnlawful(OfContract, frozen=True, kw_only=True, tag_field="kind", tag="dispatch_terms_unlawful"):
    """A contract of one dispatched for less than two years, or a temporary post that exists too long (劳动合同法 art. 58, 66)."""

    term_days_short: int | None
    post_days_over: int | None


class EnrolmentOverdue(msgspec.Struct, frozen=True, kw_only=True, tag_field="kind", tag="enrolment_overdue"):
    """A person was not registered by `due_on` (社会保险法 art. 58). The fines follow where it is not put right in the time set
    (art. 84): of the unit in multiples of what was due, of the person responsible in yuan."""

    enrolment_id: Id
    engagement_id: Id
    scheme: Scheme
    starts_on: date
    due_on: date | None
    days_late: int | None
    refused: str | None
    unit_fine_least: str | None
    unit_fine_most: str | None
    person_fine_least: Money | None
    person_fine_most: Money | None


class UnpaidMonth(msgspec.Struct, frozen=True, kw_only=True):
    """A month not paid in full by `due_on`; `owed` and `late_fee` as insurance told them last, null where nobody knows them."""

    month: Month
    due_on: date
    insurances: tuple[Insurance, ...]
    owed: Money | None
    late_fee: Money | None


class ContributionsUnpaid(msgspec.Struct, frozen=True, kw_only=True, tag_field="kind", tag="contributions_unpaid"):
    """Months for which an employer has not paid a person's social insurance (社会保险法 art. 60, 63). Where it does not pay in the
    time set, the fine is a multiple of what is owed (art. 86), beside the late fee of each day."""

    months: tuple[UnpaidMonth, ...]
    owed: Money | None
    late_fee: Money | None
    late_fee_per_day: str | None
    fine_least: str | None
    fine_most: str | None


class BillUnpaid(msgspec.Struct, frozen=True, kw_only=True, tag_field="kind", tag="bill_overdue"):
    """A premium was not paid by `due_on`, or only after it (社会保险法 art. 86). `late_fee` is as insurance told it last."""

    bill_id: Id
    month: Month
    premium: SignedMoney
    outstanding: Money
    due_on: date
    paid_on: date | None
    days_late: int
    late_fee: Money
    late_fee_per_day: str | None


class AdvanceUnpaid(msgspec.Struct, frozen=True, kw_only=True, tag_field="kind", tag="advance_unpaid"):
    """A platform has not advanced in time what its partner firm did not pay (德人社发〔2022〕95 号 art. 3)."""

    advance_id: Id
    claim_id: Id
    partner: Id
    amount: Money
    due_on: date
    days_late: int


class PartnerDefault(msgspec.Struct, frozen=True, kw_only=True, tag_field="kind", tag="partner_default"):
    """A partner firm has not paid a benefit in time (德人社发〔2022〕95 号 art. 3). `advanced_on`: by `advanced_by` in its place."""

    advance_id: Id
    claim_id: Id
    advanced_by: Id
    amount: Money
    advanced_on: date | None
    recovered: Money | None
    outstanding: Money


class UnlicensedCooperation(msgspec.Struct, frozen=True, kw_only=True, tag_field="kind", tag="cooperation_unlicensed"):
    """A partner firm, through which people work, lacks a licence since a day (劳动合同法 art. 57; 德人社发〔2022〕95 号 art. 3)."""

    cooperation_id: Id
    partner: Id
    form: Literal["outsourcing", "dispatch"]
    missing: tuple[LicenceKind, ...]
    since: date
    ended_on: date | None


class UnrecordedPartner(msgspec.Struct, frozen=True, kw_only=True, tag_field="kind", tag="partner_unrecorded"):
    """People work through a partner firm, or are dispatched by it, on days on which no cooperation with it is on file, so that
    nobody has looked at its licences (劳动合同法 art. 57; 德人社发〔2022〕95 号 art. 3). `firm` is null where people are dispatched
    and nobody says by whom. `since`: the first day after the last cooperation, null where it is about days before any."""

    firm: Id | None
    since: date | None


class LapsedLicence(msgspec.Struct, frozen=True, kw_only=True, tag_field="kind", tag="licence_lapsed"):
    """People work through an enterprise whose licence was valid until `valid_to`, and which has no other of its kind.
    `suspended_until`: until when it is suspended, where it is not over."""

    licence_id: Id
    licence: LicenceKind
    number: str
    valid_to: date
    suspended_until: date | None = None


class TooManyDispatched(msgspec.Struct, frozen=True, kw_only=True, tag_field="kind", tag="dispatch_share_exceeded"):
    """More people are dispatched than the law allows (劳动合同法 art. 66; 劳务派遣暂行规定 art. 4). `excess`: persons too many."""

    on: date
    dispatched: int
    employed: int
    percent: str
    limit_percent: str
    allowed: int
    excess: int


class WorkOnDays(msgspec.Struct, frozen=True, kw_only=True):
    """Days on which orders were done though something stood in the way."""

    engagement_id: Id
    days: int
    first_on: date
    last_on: date


class WorkWhileBlocked(WorkOnDays, frozen=True, kw_only=True, tag_field="kind", tag="work_while_blocked"):
    """Orders of a person who may not work without safety training (德人社发〔2022〕95 号 art. 7)."""


class InsuranceGap(WorkOnDays, frozen=True, kw_only=True, tag_field="kind", tag="insurance_gap"):
    """Orders of a person whose cover rests, was refused, or was not confirmed in time (德人社发〔2022〕95 号 art. 9)."""

    enrolment_id: Id
    scheme: Scheme
    causes: tuple[Literal["suspended", "refused", "unconfirmed"], ...]


class PolicyGap(msgspec.Struct, frozen=True, kw_only=True, tag_field="kind", tag="policy_gap"):
    """A commercial policy was not renewed (德人社发〔2022〕95 号 art. 9). `until`: the last day without one, null while it goes on."""

    policy: PolicyKind
    since: date
    until: date | None
    days: int | None
    persons: int
