"""Put licences on file, renew and revoke them; whatever rests on them is examined again in the same transaction."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

from services.registry.cooperations.commands import examine
from services.registry.enterprises.documents import Enterprise
from services.registry.licences.documents import REVOCATION, Further, Licence
from services.registry.licences.rules import next_turn, overlap
from services.registry.licensing import rules
from services.registry.licensing.rules import Move
from shared import clock
from shared.callers import Caller
from shared.contracts.platform import Industry
from shared.contracts.registry import LicenceFact, LicenceKind, LicenceLapsed, LicenceRecorded
from shared.errors import Conflict, Forbidden, NotFound, RuleBroken
from shared.policy.calendar import shanghai_date, start_of_day
from shared.policy.parameters import parameters
from shared.storage.encryption import encrypt_field
from shared.storage.kinds import TimerKind
from shared.storage.records import require_revision
from shared.storage.transaction import Transaction

E = TypeVar("E", bound=LicenceFact)

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
    lapsed = granted.valid_to is not None and granted.valid_to < today
    licence = Licence(
        uscc=uscc,
        kind=granted.kind,
        number=granted.number,
        industries=list(granted.industries),
        valid_from=granted.valid_from,
        valid_to=granted.valid_to,
        state="lapsed" if lapsed else "valid",
        recorded_by=caller.subject,
    )
    same = [kept.held for kept in licences if (kept.kind, kept.number) == (granted.kind, granted.number)]
    if any(overlap(licence.held, kept) for kept in same):
        raise Conflict("licence-on-file", "该许可在此期间已登记", "this licence is on file for some of these days")
    if any(one.revoked_by_penalty(granted.kind, granted.valid_from) for one in licences):
        raise Conflict(
            "licence-revoked",
            "该类许可已被行政处罚吊销，此前颁发的许可不得再登记",
            "a penalty took this kind of licence away: one from before is not put on file",
        )
    tx.publish(_event(LicenceRecorded, licence))
    if lapsed:
        tx.publish(_event(LicenceLapsed, licence))
    await licence.put(tx)
    await _settle(enterprise, [*licences, licence], tx)
    return licence


async def renew(licence_id: str, valid_to: dt.date | None, caller: Caller, seen: int, tx: Transaction) -> Licence:
    """Extend a licence to a later last day (None: without end), without a gap; raises a problem where that cannot be."""
    licence = await _moved(licence_id, "renew", caller, seen, tx)
    if licence.valid_to is None or (valid_to is not None and valid_to <= licence.valid_to):
        raise RuleBroken("not-later", "新的有效期止应晚于原有效期止", "the new last day must be later than the old one")
    if valid_to is not None and valid_to < shanghai_date(clock.now()):
        raise RuleBroken("over-already", "新的有效期止已过", "the new last day is over already")
    licence.valid_to = valid_to
    tx.publish(_event(LicenceRecorded, licence))
    await _store(licence, tx)
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
    tx.publish(_event(LicenceLapsed, licence))
    await _store(licence, tx)
    return licence


async def revoke_by_penalty(
    uscc: str, kind: LicenceKind, penalty_id: str, number: str, on: dt.date, tx: Transaction
) -> None:
    """Take an enterprise's licences of a kind away from the day on which the decision is in force (行政处罚法 art. 9, 73): no
    cooperation that needs one begins any more, and those that go on are examined again."""
    for licence in await Licence.of_enterprise(uscc, tx):
        if licence.kind == kind and licence.state == "revoked" and licence.penalty_id not in (None, penalty_id):
            licence.further = [*licence.further, Further(penalty_id=penalty_id, number=number, on=on)]
            await licence.put(tx)
        if licence.kind != kind or licence.state != "valid" or (licence.valid_to is not None and licence.valid_to < on):
            continue
        licence.last_day = licence.valid_to
        _take_away(licence, penalty_id, number, on, tx)
        await _store(licence, tx)


def _take_away(licence: Licence, penalty_id: str, number: str, on: dt.date, tx: Transaction) -> None:
    licence.state, licence.penalty_id = rules.STATES.next(licence.state, "revoke"), penalty_id
    licence.valid_to = max(on, licence.valid_from) - _DAY
    licence.revocation = encrypt_field(REVOCATION, licence.id, f"行政处罚决定（{number}）吊销")
    tx.publish(_event(LicenceLapsed, licence))


async def restore_after_penalty(uscc: str, penalty_id: str, tx: Transaction) -> None:
    """Give licences back that a penalty took away which a review, a court or its own department set aside: as if they had never
    been gone, unless another penalty takes them away."""
    for licence in await Licence.of_enterprise(uscc, tx):
        if any(one.penalty_id == penalty_id for one in licence.further):
            licence.further = [one for one in licence.further if one.penalty_id != penalty_id]
            await licence.put(tx)
        if licence.penalty_id != penalty_id or licence.state != "revoked":
            continue
        licence.state = rules.STATES.next(licence.state, "restore")
        licence.valid_to, licence.revocation, licence.penalty_id = licence.last_day, None, None
        tx.publish(_event(LicenceRecorded, licence))
        others = [one for one in licence.further if licence.valid_to is None or one.on <= licence.valid_to]
        licence.further = others[1:]
        if others:
            _take_away(licence, others[0].penalty_id, others[0].number, others[0].on, tx)
            await _store(licence, tx)
            continue
        licence.last_day = None
        if licence.valid_to is not None and licence.valid_to < shanghai_date(clock.now()):
            licence.state = rules.STATES.next(licence.state, "lapse")
            tx.publish(_event(LicenceLapsed, licence))
        await _store(licence, tx)


async def turn(uscc: str, tx: Transaction) -> None:
    """Look at an enterprise's licences on a day on which one of them begins, or is valid no more."""
    enterprise = await Enterprise.of(uscc, tx)
    if enterprise is None:
        return
    licences, today = await Licence.of_enterprise(uscc, tx), shanghai_date(clock.now())
    for licence in licences:
        if licence.state == "valid" and licence.valid_to is not None and licence.valid_to < today:
            licence.state = rules.STATES.next(licence.state, "lapse")
            tx.publish(_event(LicenceLapsed, licence))
            await licence.put(tx)
    await _settle(enterprise, licences, tx)


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


async def _store(licence: Licence, tx: Transaction) -> None:
    await licence.put(tx)
    enterprise = await Enterprise.of(licence.uscc, tx)
    assert enterprise is not None
    await _settle(enterprise, await Licence.of_enterprise(licence.uscc, tx), tx)


async def _settle(enterprise: Enterprise, licences: Sequence[Licence], tx: Transaction) -> None:
    held, today = [licence.held for licence in licences], shanghai_date(clock.now())
    await enterprise.put(tx)
    await examine(enterprise.id, held, today, tx)
    turns_on = next_turn(held, today)
    if turns_on is None:
        tx.cancel(TURN, enterprise.id)
    else:
        tx.schedule(TURN, enterprise.id, start_of_day(turns_on))


def _event(kind: type[E], licence: Licence) -> E:
    return kind(
        licence_id=licence.id,
        uscc=licence.uscc,
        kind=licence.kind,
        number=licence.number,
        industries=tuple(licence.industries),
        valid_from=licence.valid_from,
        valid_to=licence.valid_to,
    )
