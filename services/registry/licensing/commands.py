"""Put licences on file, renew and revoke them; whatever rests on them is examined again in the same transaction."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from services.registry.cooperations.commands import examine
from services.registry.enterprises.documents import Enterprise
from services.registry.licences.documents import REVOCATION, Licence, LicencePenalty
from services.registry.licences.rules import next_turn, overlap
from services.registry.licensing import effects, rules
from services.registry.licensing.rules import Move
from shared import clock
from shared.callers import Caller
from shared.contracts.platform import Industry
from shared.contracts.registry import LicenceKind, LicenceLapsed, LicenceRecorded
from shared.errors import Conflict, Forbidden, NotFound, RuleBroken
from shared.policy.calendar import shanghai_date, start_of_day
from shared.policy.parameters import parameters
from shared.storage.encryption import encrypt_field
from shared.storage.kinds import TimerKind
from shared.storage.records import require_revision
from shared.storage.transaction import Transaction

TURN = TimerKind("registry.licence_turn")
_DAY = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Granted:
    """A licence as its paper says."""

    kind: LicenceKind
    number: str
    industries: Sequence[Industry]
    valid_from: dt.date
    valid_to: dt.date | None


async def record(uscc: str, granted: Granted, caller: Caller, tx: Transaction) -> Licence:
    """Put a licence on file; raises Forbidden, NotFound, Conflict or RuleBroken."""
    today = shanghai_date(clock.now())
    _check_department(caller, granted.kind)
    enterprise = await Enterprise.of(uscc, tx)
    if enterprise is None:
        raise NotFound("该企业", "this enterprise")
    if granted.valid_to is not None and granted.valid_to < granted.valid_from:
        raise RuleBroken("ends-before-it-begins", "有效期止早于有效期起", "the last day lies before the first")
    licences = await Licence.of_enterprise(uscc, tx)
    licence = Licence(
        uscc=uscc,
        kind=granted.kind,
        number=granted.number,
        industries=list(granted.industries),
        valid_from=granted.valid_from,
        valid_to=granted.valid_to,
        state="valid",
        recorded_by=caller.subject,
    )
    penalties = await LicencePenalty.on(uscc, tx)
    same = [kept.held for kept in licences if (kept.kind, kept.number) == (granted.kind, granted.number)]
    if any(overlap(licence.held, kept) for kept in same):
        raise Conflict("licence-on-file", "该许可在此期间已登记", "this licence is on file for some of these days")
    known = {one.id for one in penalties}
    if any(one.revoked_by_penalty(granted.kind, granted.valid_from) for one in licences if one.penalty_id not in known):
        raise Conflict(
            "licence-revoked",
            "该类许可已被行政处罚吊销，此前颁发的许可不得再登记",
            "a penalty took this kind of licence away: one from before is not put on file",
        )
    tx.publish(effects.told(LicenceRecorded, licence))
    effects.strike(licence, penalties, today, tx)
    _lapse(licence, today, tx)
    await licence.put(tx)
    await settle(enterprise, [*licences, licence], tx)
    return licence


async def renew(licence_id: str, valid_to: dt.date | None, caller: Caller, seen: int, tx: Transaction) -> Licence:
    """Extend a licence to a later last day (None: without end), without a gap; raises a problem where that cannot be."""
    licence = await _moved(licence_id, "renew", caller, seen, tx)
    if licence.valid_to is None or (valid_to is not None and valid_to <= licence.valid_to):
        raise RuleBroken("not-later", "新的有效期止应晚于原有效期止", "the new last day must be later than the old one")
    if valid_to is not None and valid_to < shanghai_date(clock.now()):
        raise RuleBroken("over-already", "新的有效期止已过", "the new last day is over already")
    penalties = await LicencePenalty.on(licence.uscc, tx)
    if any(one.last is None and one.strikes(licence) for one in penalties):
        raise Conflict(
            "licence-revoked", "该许可已被行政处罚吊销，不得延续", "a penalty took this licence away: it is not renewed"
        )
    licence.valid_to, today = valid_to, shanghai_date(clock.now())
    tx.publish(effects.told(LicenceRecorded, licence))
    effects.tell_suspended(licence, today, tx)
    effects.strike(licence, penalties, today, tx)
    await store(licence, tx)
    return licence


async def revoke(
    licence_id: str, revoked_on: dt.date, reason: str, caller: Caller, seen: int, tx: Transaction
) -> Licence:
    """Take a licence away from a day on, which is not after today; raises a problem where that cannot be."""
    licence = await _moved(licence_id, "revoke", caller, seen, tx)
    latest = min(licence.valid_to or dt.date.max, shanghai_date(clock.now()))
    if not licence.valid_from <= revoked_on <= latest:
        raise RuleBroken(
            "outside-validity", "撤销日期应在有效期内且不晚于今天", "a day of its validity, not after today"
        )
    licence.valid_to, licence.revocation = revoked_on - _DAY, encrypt_field(REVOCATION, licence.id, reason)
    tx.publish(effects.told(LicenceLapsed, licence))
    await store(licence, tx)
    return licence


async def turn(uscc: str, tx: Transaction) -> None:
    """Look at an enterprise's licences on a day on which one of them begins, or is valid no more."""
    enterprise = await Enterprise.of(uscc, tx)
    if enterprise is None:
        return
    licences, today = await Licence.of_enterprise(uscc, tx), shanghai_date(clock.now())
    for licence in licences:
        lapsed = _lapse(licence, today, tx)
        if effects.end_suspensions(licence, today, tx) or lapsed:
            await licence.put(tx)
    await settle(enterprise, licences, tx)


def _lapse(licence: Licence, today: dt.date, tx: Transaction) -> bool:
    """Let a licence lapse whose last day is over; whether it did."""
    if licence.state != "valid" or licence.valid_to is None or licence.valid_to >= today:
        return False
    licence.state = rules.STATES.next(licence.state, "lapse")
    tx.publish(effects.told(LicenceLapsed, licence))
    return True


async def _moved(licence_id: str, move: Move, caller: Caller, seen: int, tx: Transaction) -> Licence:
    licence = await Licence.of(licence_id, tx)
    if licence is None:
        raise NotFound("该许可", "this licence")
    _check_department(caller, licence.kind)
    require_revision(seen, licence.revision)
    licence.state = rules.STATES.next(licence.state, move)
    return licence


def _check_department(caller: Caller, kind: LicenceKind) -> None:
    if not rules.may_record(caller.department, kind, parameters.on(shanghai_date(clock.now()))):
        raise Forbidden("该类许可由其他部门登记", "another department puts licences of this kind on file")


async def store(licence: Licence, tx: Transaction) -> None:
    """Store a licence, and examine what rests on it."""
    await licence.put(tx)
    enterprise = await Enterprise.of(licence.uscc, tx)
    assert enterprise is not None
    await settle(enterprise, await Licence.of_enterprise(licence.uscc, tx), tx)


async def settle(enterprise: Enterprise, licences: Sequence[Licence], tx: Transaction) -> None:
    """Examine every cooperation by the licences as they are now, and set the timer at the next day on which that changes."""
    held, today = [licence.held for licence in licences], shanghai_date(clock.now())
    await enterprise.put(tx)
    await examine(enterprise.id, held, today, tx)
    turns_on = next_turn(held, today)
    if turns_on is None:
        tx.cancel(TURN, enterprise.id)
    else:
        tx.schedule(TURN, enterprise.id, start_of_day(turns_on))
