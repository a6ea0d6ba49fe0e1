"""File, check, suspend, renew and end bodies that train or evaluate."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import msgspec

from services.subsidies.providers import events, rules
from services.subsidies.providers.documents import (
    NOBODY,
    Occupation,
    Provider,
    Step,
    encrypted_note,
    encrypted_phone,
)
from services.subsidies.providers.rules import Move
from shared import clock
from shared.contracts.subsidies import ProviderKind
from shared.errors import Conflict
from shared.policy.calendar import end_of_day, shanghai_date, start_of_day
from shared.policy.parameters import Law, parameters
from shared.storage.kinds import TimerKind
from shared.storage.transaction import Transaction


class LastDay(msgspec.Struct, frozen=True):
    """What the timers of a filing carry: its last day."""

    valid_to: dt.date


REMIND = TimerKind("subsidies.provider_reminder", LastDay)
EXPIRE = TimerKind("subsidies.provider_expiry", LastDay)
"""The timers of a filing's last day, keyed by its id."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Filing:
    """What a body says of itself."""

    kind: ProviderKind
    name: str
    district: str
    address: str
    phone: str
    occupations: list[Occupation]


async def submit(filing: Filing, uscc: str, by: str, tx: Transaction) -> Provider:
    """Ask to be put on file, for the first time or after the last filing has ended; not too often on one day, since the duty
    desk hears of each."""
    filing_id = Provider.key(uscc, filing.kind)
    law = _law(filing.district)
    known = await Provider.of(filing_id, tx)
    most = law.number("training_provider.filings_per_day")
    if known is not None and _submitted_today(known) >= most:
        raise Conflict("filed-too-often", "当日提交次数过多，请明日再试", "filed too often today")
    values = {
        "name": filing.name,
        "district": filing.district,
        "address": filing.address,
        "phone": encrypted_phone(filing_id, filing.phone),
        "occupations": filing.occupations,
        "department": law.text("training_provider.checked_by", filing.kind),
        "valid_from": None,
        "valid_to": None,
        "used": list(law.used),
    }
    provider = known or Provider(id=filing_id, uscc=uscc, kind=filing.kind, **values)
    _move(provider, "submit", by)
    tx.publish(events.submitted(provider.changed(values)))
    return await provider.put(tx)


async def accept(provider: Provider, valid_from: dt.date, valid_to: dt.date, by: str, tx: Transaction) -> Provider:
    """Put a body on file for these days, both included."""
    law = _law(provider.district)
    _move(provider, "accept", by)
    span = rules.span_of(provider.kind, valid_from, valid_to, _today(), law)
    provider.valid_from, provider.valid_to = span.valid_from, span.valid_to
    _watch(provider, law, tx)
    tx.publish(events.checked(provider, accepted=True))
    return await provider.put(tx)


async def renew(provider: Provider, valid_to: dt.date, by: str, tx: Transaction) -> Provider:
    """Let a filing hold longer, without a gap."""
    law = _law(provider.district)
    _move(provider, "renew", by)
    assert provider.span is not None
    provider.valid_to = rules.renewed(provider.kind, provider.span, valid_to, _today(), law).valid_to
    _watch(provider, law, tx)
    tx.publish(events.checked(provider, accepted=True))
    return await provider.put(tx)


async def refuse(provider: Provider, reason: str, by: str, tx: Transaction) -> Provider:
    """Refuse a filing, with the reason; the body may file again."""
    _move(provider, "refuse", by, reason)
    tx.publish(events.checked(provider, accepted=False))
    return await provider.put(tx)


async def withdraw(provider: Provider, by: str, tx: Transaction) -> Provider:
    """Take a filing back before it is checked."""
    _move(provider, "withdraw", by)
    tx.publish(events.ended(provider, "withdrawn"))
    return await provider.put(tx)


async def suspend(provider: Provider, reason: str, by: str, tx: Transaction) -> Provider:
    """Let a body take no new programme and no new enrolment for the time being."""
    _move(provider, "suspend", by, reason)
    tx.publish(events.suspended(provider))
    return await provider.put(tx)


async def resume(provider: Provider, by: str, tx: Transaction) -> Provider:
    """End a suspension."""
    _move(provider, "resume", by)
    tx.publish(events.resumed(provider))
    return await provider.put(tx)


async def remove(provider: Provider, reason: str, by: str, tx: Transaction) -> Provider:
    """Take a body off file, with the reason."""
    _move(provider, "remove", by, reason)
    tx.cancel(REMIND, provider.id)
    tx.cancel(EXPIRE, provider.id)
    tx.publish(events.ended(provider, "removed"))
    return await provider.put(tx)


async def remind(filing_id: str, last: dt.date, tx: Transaction) -> None:
    """Say that a filing's last day is near."""
    provider = await Provider.of(filing_id, tx)
    if provider is not None and provider.valid_to == last and rules.STATES.allows(provider.state, "expire"):
        tx.publish(events.expiring(provider, last))


async def expire(filing_id: str, last: dt.date, tx: Transaction) -> None:
    """End a filing whose last day is over."""
    provider = await Provider.of(filing_id, tx)
    if provider is not None and provider.valid_to == last and rules.STATES.allows(provider.state, "expire"):
        _move(provider, "expire", NOBODY)
        tx.publish(events.ended(provider, "expired"))
        await provider.put(tx)


async def provider_on_file(filing_id: str, tx: Transaction) -> Provider:
    """A filing that others rest on; raises Conflict where there is none."""
    provider = await Provider.of(filing_id, tx)
    if provider is None:
        raise Conflict("provider-not-valid", "该机构未备案", "the body is not on file")
    return provider


def _submitted_today(provider: Provider) -> int:
    return sum(one.move == "submit" and shanghai_date(one.at) == _today() for one in provider.steps)


def _watch(provider: Provider, law: Law, tx: Transaction) -> None:
    assert provider.valid_to is not None
    last = LastDay(provider.valid_to)
    tx.schedule(EXPIRE, provider.id, end_of_day(provider.valid_to), last)
    remind_on = provider.valid_to - dt.timedelta(law.days("training_provider.reminder_days"))
    if remind_on > _today():
        tx.schedule(REMIND, provider.id, start_of_day(remind_on), last)
    provider.used = list(dict.fromkeys([*provider.used, *law.used]))


def _move(provider: Provider, move: Move, by: str, note: str | None = None) -> None:
    provider.state = rules.STATES.next(provider.state, move)
    kept = None if note is None else encrypted_note(provider.id, note)
    provider.steps = [*provider.steps, Step(at=clock.now(), move=move, by=by, note=kept)]


def _law(district: str) -> Law:
    return parameters.on(_today(), place=district)


def _today() -> dt.date:
    return shanghai_date(clock.now())
