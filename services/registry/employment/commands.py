"""Registering persons as employed, from their engagements."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from services.registry.employment import rules
from services.registry.employment import unemployment_commands as unemployment
from services.registry.employment.documents import CertificateSeries, Employment, Form, OwnWork, StoredRegistration
from services.registry.engagements.documents import Engagement
from services.registry.safety.commands import OnFile, on_file_of, was_open
from shared import clock
from shared.contracts.platform import Relation
from shared.contracts.registry import EmploymentEnded, EmploymentRegistered
from shared.errors import Conflict, NotFound, RuleBroken
from shared.ids import new_id
from shared.policy.calendar import shanghai_date
from shared.policy.parameters import MissingParameter, parameters
from shared.storage.transaction import Transaction


async def follow(
    worker_id: str,
    engagements: Iterable[Engagement],
    on_file: OnFile,
    tx: Transaction,
    *,
    is_new: bool = False,
) -> None:
    """Let a person's registrations fit their engagements. `on_file`: the trainings that the gate knows of.
    `is_new`: nothing can be registered of them yet.

    The record is stored in any case, so that two transactions about one person never run side by side.
    """
    spans = [_span(one) for one in engagements if counts(one, on_file)]
    employment = None if is_new else await Employment.of(worker_id, tx)
    if employment is None:
        if not spans:
            return
        employment = await new_record(worker_id, min(spans, key=lambda one: one.first).district)
    await settle(employment, spans, tx)


async def new_record(worker_id: str, district: str) -> Employment:
    """A person's record with a certificate number that nobody has."""
    number = await CertificateSeries.next_number(district, shanghai_date(clock.now()).year)
    return Employment(id=worker_id, certificate_number=number)


async def settle(employment: Employment, spans: Iterable[rules.Span], tx: Transaction) -> Employment:
    """Let the registrations fit the work through platforms (`spans`) and what the person registered, and store them."""
    wanted = rules.periods([*spans, *(_own_span(one) for one in employment.works)])
    for change in rules.changes([one.as_rule() for one in employment.registrations], wanted):
        _apply(employment, change, tx)
    unemployment.follow(employment, tx)
    return await employment.put(tx)


async def spans_of(worker_id: str, tx: Transaction) -> list[rules.Span]:
    """A person's work through platforms."""
    engagements = await tx.find(Engagement, {"worker_id": worker_id})
    on_file = await on_file_of(engagements, tx)
    return [_span(one) for one in engagements if counts(one, on_file)]


async def begin_work(worker_id: str, district: str, starts_on: dt.date, tx: Transaction) -> Employment:
    """Register flexible work by the person's own word; raises RuleBroken or Conflict."""
    employment = await Employment.of(worker_id, tx) or await new_record(worker_id, district)
    today = shanghai_date(clock.now())
    rules.check_own_work(starts_on, [(one.starts_on, one.ends_on) for one in employment.works], today)
    work = OwnWork(work_id=new_id(), district=district, starts_on=starts_on, ends_on=None, told_at=clock.now())
    employment.works = [*employment.works, work]
    return await settle(employment, await spans_of(worker_id, tx), tx)


async def end_work(worker_id: str, work_id: str, ends_on: dt.date, tx: Transaction) -> Employment:
    """Name the last day of work that the person registered; raises NotFound, RuleBroken or Conflict."""
    employment = await Employment.of(worker_id, tx)
    work = next((one for one in employment.works if one.work_id == work_id), None) if employment else None
    if employment is None or work is None:
        raise NotFound("该就业登记", "this registration")
    if work.ends_on is not None:
        raise Conflict("work-ended", "该灵活就业已登记终止", "the end of this work is registered")
    if not work.starts_on <= ends_on <= shanghai_date(clock.now()):
        raise RuleBroken("end-of-work", "终止日期应在开始日期与今天之间", "a day from the first one up to today")
    work.ends_on = ends_on
    return await settle(employment, await spans_of(worker_id, tx), tx)


async def take_over(merged_id: str, worker_id: str, tx: Transaction) -> None:
    """Withdraw what was registered of a record whose place another has taken; its engagements are that one's now.

    The certificate goes over with them, where the other record has none; what the person said of own work and of unemployment too.
    """
    merged = await Employment.of(merged_id, tx)
    if merged is None:
        return
    said = merged.works or merged.unemployments
    if not said and all(one.state == "withdrawn" for one in merged.registrations):
        return
    kept = await Employment.of(worker_id, tx) or Employment(id=worker_id, certificate_number=merged.certificate_number)
    kept.works = [*kept.works, *merged.works]
    unemployment.take_over(kept, merged, tx)
    merged.works = []
    for change in rules.changes([one.as_rule() for one in merged.registrations], []):
        _apply(merged, change, tx)
    await merged.put(tx)
    await kept.put(tx)


async def forget(worker_id: str, tx: Transaction) -> None:
    """End everything that a person whose data is erased is registered as: what they said of it can be changed by nobody now."""
    employment = await Employment.of(worker_id, tx)
    if employment is None:
        return
    today = shanghai_date(clock.now())
    for work in employment.works:
        work.ends_on = work.ends_on or max(today, work.starts_on)
    for kept in employment.registrations:
        if kept.state == "registered":
            kept.state, kept.ends_on = rules.STATES.next(kept.state, "end"), max(today, kept.starts_on)
    unemployment.forget(employment, today)
    await employment.put(tx)


def counts(engagement: Engagement, on_file: OnFile) -> bool:
    """Whether the person may have worked on a footing that is registered: by the facts, and not by the present state."""
    if not _is_registered(engagement):
        return False
    return engagement.state == "active" or was_open(engagement, on_file, engagement.ended_on)


def _is_registered(engagement: Engagement) -> bool:
    if any(relation == "employment" for _, relation in engagement.history):
        return True
    for day in (engagement.started_on, shanghai_date(engagement.declared_at)):
        try:
            return parameters.on(day, place=engagement.district).flag("employment.flexible_is_registered")
        except MissingParameter:
            continue
    return False


def _span(engagement: Engagement) -> rules.Span:
    return rules.Span(
        engagement_id=engagement.id,
        district=engagement.district,
        first=engagement.started_on,
        last=engagement.ended_on,
        footings=engagement.history,
    )


def _own_span(work: OwnWork) -> rules.Span:
    footings: tuple[tuple[dt.date, Relation], ...] = ((work.starts_on, "self_employed"),)
    return rules.Span(work.work_id, work.district, work.starts_on, work.ends_on, footings)


def _apply(employment: Employment, change: rules.Change, tx: Transaction) -> None:
    kept = next((one for one in employment.registrations if one.registration_id == change.registration_id), None)
    period = change.period
    if kept is None:
        kept = StoredRegistration(
            registration_id=new_id(),
            state="none",
            starts_on=period.starts_on,
            ends_on=None,
            district=period.district,
            forms=[],
        )
        employment.registrations = [*employment.registrations, kept]
    kept.starts_on, kept.ends_on, kept.district = period.starts_on, period.ends_on, period.district
    kept.forms = [Form(since=since, form=form) for since, form in period.forms]
    for event in change.events:
        kept.state = rules.STATES.next(kept.state, event)
        tx.publish(_event(employment, kept))


def _event(employment: Employment, kept: StoredRegistration) -> EmploymentRegistered | EmploymentEnded:
    forms = tuple((one.since, one.form) for one in kept.forms)
    if kept.state == "registered":
        return EmploymentRegistered(
            registration_id=kept.registration_id,
            worker_id=employment.id,
            certificate_number=employment.certificate_number,
            form=kept.forms[-1].form,
            district=kept.district,
            starts_on=kept.starts_on,
            ends_on=None,
            forms=forms,
        )
    return EmploymentEnded(
        registration_id=kept.registration_id,
        worker_id=employment.id,
        certificate_number=employment.certificate_number,
        form=kept.forms[-1].form,
        district=kept.district,
        starts_on=kept.starts_on,
        ends_on=kept.ends_on,
        forms=forms,
        withdrawn=kept.state == "withdrawn",
    )
