"""Let a penalty take licences away or suspend them, and give them back where it is set aside."""

from __future__ import annotations

import datetime as dt

from services.registry.enterprises.documents import Enterprise
from services.registry.licences.documents import Licence, LicencePenalty
from services.registry.licensing import effects, rules
from services.registry.licensing.commands import store
from shared import clock
from shared.contracts.registry import LicenceLapsed, LicenceRecorded
from shared.policy.calendar import shanghai_date
from shared.storage.transaction import Transaction


async def strike(penalty: LicencePenalty, tx: Transaction) -> None:
    """Take an enterprise's licences of a kind away, or suspend them, from the day on which the decision is in force (行政处罚法
    art. 9, 73), those also that come on file later: no cooperation that needs one begins any more, and those that go on are examined
    again. Heard after its own end, a penalty that was set aside does nothing, and one that was shortened counts as shortened."""
    known = await LicencePenalty.of(penalty.id, tx)
    if known is not None and known.kind is not None:
        return
    if known is not None:
        known.kind, known.licence, known.authority = penalty.kind, penalty.licence, penalty.authority
        known.first, known.last = penalty.first, _earlier(known.last, penalty.last)
        penalty = known
    await penalty.put(tx)
    enterprise = await Enterprise.of(penalty.uscc, tx)
    if enterprise is not None:
        await enterprise.put(tx)  # so that no licence comes on file beside it
    for licence in await Licence.of_enterprise(penalty.uscc, tx):
        before = licence.model_copy(deep=True)
        effects.strike(licence, [penalty], shanghai_date(clock.now()), tx, on_file=True)
        if licence != before:
            await store(licence, tx)


def _earlier(one: dt.date | None, other: dt.date | None) -> dt.date | None:
    return other if one is None or other is None else min(one, other)


async def shorten(ended: LicencePenalty, last: dt.date, tx: Transaction) -> None:
    """Let the suspensions by a penalty end on an earlier day, which a review or a court said; it may be over by then. `ended`: the
    penalty as this tells it, which is kept where its decision is not heard yet."""
    penalty = await LicencePenalty.of(ended.id, tx) or ended
    if penalty is ended or (penalty.last is not None and last < penalty.last):
        penalty.last = last
        await penalty.put(tx)
    for licence in await Licence.of_enterprise(ended.uscc, tx):
        if effects.lift(licence, ended.id, last, shanghai_date(clock.now()), tx):
            await store(licence, tx)


async def restore(ended: LicencePenalty, tx: Transaction) -> None:
    """Give licences back that a penalty took away or suspends which a review, a court or its own department set aside: as if they had
    never been gone, unless another penalty takes them away. `ended`: as in `shorten`."""
    penalty = await LicencePenalty.of(ended.id, tx) or ended
    penalty.set_aside = True
    await penalty.put(tx)
    for licence in await Licence.of_enterprise(ended.uscc, tx):
        if effects.lift(licence, ended.id, None, shanghai_date(clock.now()), tx):
            await store(licence, tx)
        if any(one.penalty_id == ended.id for one in licence.further):
            licence.further = [one for one in licence.further if one.penalty_id != ended.id]
            await licence.put(tx)
        if licence.penalty_id == ended.id and licence.state == "revoked":
            await _give_back(licence, tx)


async def _give_back(licence: Licence, tx: Transaction) -> None:
    today = shanghai_date(clock.now())
    licence.state = rules.STATES.next(licence.state, "restore")
    licence.valid_to, licence.revocation, licence.penalty_id = licence.last_day, None, None
    tx.publish(effects.told(LicenceRecorded, licence))
    effects.tell_suspended(licence, today, tx)
    others = [one for one in licence.further if licence.valid_to is None or one.on <= licence.valid_to]
    licence.further = others[1:]
    if others:
        effects.take_away(licence, others[0], tx)
        await store(licence, tx)
        return
    licence.last_day = None
    suspending = [one for one in await LicencePenalty.on(licence.uscc, tx) if one.last is not None]
    effects.strike(licence, suspending, today, tx)  # those that came while it was gone
    if licence.valid_to is not None and licence.valid_to < today:
        licence.state = rules.STATES.next(licence.state, "lapse")
        tx.publish(effects.told(LicenceLapsed, licence))
    await store(licence, tx)
