"""Registering persons as employed, from their engagements."""

from __future__ import annotations

from collections.abc import Iterable

from services.registry.employment import rules
from services.registry.employment.documents import CertificateSeries, Employment, Form, StoredRegistration
from services.registry.engagements.documents import Engagement
from services.registry.safety.commands import OnFile, was_open
from shared import clock
from shared.contracts.registry import EmploymentEnded, EmploymentRegistered
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
    wanted = rules.periods([_span(one) for one in engagements if counts(one, on_file)])
    employment = None if is_new else await Employment.of(worker_id, tx)
    if employment is None:
        if not wanted:
            return
        year = shanghai_date(clock.now()).year
        number = await CertificateSeries.next_number(wanted[0].district, year)
        employment = Employment(id=worker_id, certificate_number=number)
    for change in rules.changes([one.as_rule() for one in employment.registrations], wanted):
        _apply(employment, change, tx)
    await employment.put(tx)


async def take_over(merged_id: str, worker_id: str, tx: Transaction) -> None:
    """Withdraw what was registered of a record whose place another has taken; its engagements are that one's now.

    The certificate goes over with them, where the other record has none.
    """
    merged = await Employment.of(merged_id, tx)
    if merged is None or all(one.state == "withdrawn" for one in merged.registrations):
        return
    for change in rules.changes([one.as_rule() for one in merged.registrations], []):
        _apply(merged, change, tx)
    await merged.put(tx)
    if await Employment.of(worker_id, tx) is None:
        await Employment(id=worker_id, certificate_number=merged.certificate_number).put(tx)


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
