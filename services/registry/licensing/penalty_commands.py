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
    again. Of a penalty that was set aside already nothing is done."""
    known = await LicencePenalty.of(penalty.id, tx)
    if known is not None:
        return
    await penalty.put(tx)
    enterprise = await Enterprise.of(penalty.uscc, tx)
    if enterprise is not None:
        await enterprise.put(tx)  # so that no licence comes on file beside it
    for licence in await Licence.of_enterprise(penalty.uscc, tx):
        before = licence.model_copy(deep=True)
        effects.strike(licence, [penalty], shanghai_date(clock.now()), tx, on_file=True)
        if licence != before:
            await store(licence, tx)


async def shorten(uscc: str, penalty_id: str, last: dt.date, tx: Transaction) -> None:
    """Let the suspensions by a penalty end on an earlier day, which a review or a court said; it may be over by then."""
    penalty = await LicencePenalty.of(penalty_id, tx)
    if penalty is not None and penalty.last is not None and last < penalty.last:
        penalty.last = last
        await penalty.put(tx)
    for licence in await Licence.of_enterprise(uscc, tx):
        if effects.lift(licence, penalty_id, last, shanghai_date(clock.now()), tx):
            await store(licence, tx)


async def restore(uscc: str, penalty_id: str, tx: Transaction) -> None:
    """Give licences back that a penalty took away or suspends which a review, a court or its own department set aside: as if they had
    never been gone, unless another penalty takes them away."""
    penalty = await LicencePenalty.of(penalty_id, tx)
    if penalty is not None:
        penalty.set_aside = True
        await penalty.put(tx)
    for licence in await Licence.of_enterprise(uscc, tx):
        if effects.lift(licence, penalty_id, None, shanghai_date(clock.now()), tx):
            await store(licence, tx)
        if any(one.penalty_id == penalty_id for one in licence.further):
            licence.further = [one for one in licence.further if one.penalty_id != penalty_id]
            await licence.put(tx)
        if licence.penalty_id == penalty_id and licence.state == "revoked":
            await _give_back(licence, tx)


async def _give_back(licence: Licence, tx: Transaction) -> None:
    licence.state = rules.STATES.next(licence.state, "restore")
    licence.valid_to, licence.revocation, licence.penalty_id = licence.last_day, None, None
    tx.publish(effects.told(LicenceRecorded, licence))
    others = [one for one in licence.further if licence.valid_to is None or one.on <= licence.valid_to]
    licence.further = others[1:]
    if others:
        effects.take_away(licence, others[0], tx)
        await store(licence, tx)
        return
    licence.last_day = None
    if licence.valid_to is not None and licence.valid_to < shanghai_date(clock.now()):
        licence.state = rules.STATES.next(licence.state, "lapse")
        tx.publish(effects.told(LicenceLapsed, licence))
    await store(licence, tx)
