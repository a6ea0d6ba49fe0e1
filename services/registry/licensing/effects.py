"""What penalties do to a licence: it is taken away, suspended for days, and valid again."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import TypeVar

from services.registry.licences.documents import REVOCATION, Further, Licence, LicencePenalty, Suspension
from services.registry.licensing import rules
from shared.contracts.registry import LicenceFact, LicenceLapsed, LicenceResumed, LicenceSuspended
from shared.storage.encryption import encrypt_field
from shared.storage.transaction import Transaction

E = TypeVar("E", bound=LicenceFact)
_DAY = dt.timedelta(days=1)


def strike(
    licence: Licence, penalties: Sequence[LicencePenalty], today: dt.date, tx: Transaction, *, on_file: bool = False
) -> None:
    """Let the penalties that are about a licence have their effect on it, each once; it is not stored here. `on_file`: the licence was
    on file before them."""
    for penalty in penalties:
        if penalty.strikes(licence, on_file=on_file):
            if penalty.last is not None:
                _suspend(licence, penalty, today, tx)
            elif licence.state == "revoked" and licence.penalty_id not in (None, penalty.id):
                _keep_away(licence, penalty)
            elif licence.state == "valid" and (licence.valid_to is None or licence.valid_to >= penalty.first):
                licence.last_day = licence.valid_to
                take_away(licence, Further(penalty_id=penalty.id, number=penalty.number, on=penalty.first), tx)


def _keep_away(licence: Licence, penalty: LicencePenalty) -> None:
    if all(one.penalty_id != penalty.id for one in licence.further):
        further = Further(penalty_id=penalty.id, number=penalty.number, on=penalty.first)
        licence.further = [*licence.further, further]


def take_away(licence: Licence, by: Further, tx: Transaction) -> None:
    """Take a licence away from the day of a penalty on (吊销; 行政处罚法 art. 9)."""
    licence.state, licence.penalty_id = rules.STATES.next(licence.state, "revoke"), by.penalty_id
    licence.valid_to = max(by.on, licence.valid_from) - _DAY
    licence.revocation = encrypt_field(REVOCATION, licence.id, f"行政处罚决定（{by.number}）吊销")
    tx.publish(told(LicenceLapsed, licence))


def _suspend(licence: Licence, penalty: LicencePenalty, today: dt.date, tx: Transaction) -> None:
    assert penalty.last is not None
    ended = licence.valid_to is not None and licence.valid_to < penalty.first
    if penalty.last < licence.valid_from or ended or any(one.penalty_id == penalty.id for one in licence.suspensions):
        return
    suspension = Suspension(penalty_id=penalty.id, number=penalty.number, first=penalty.first, last=penalty.last)
    licence.suspensions = [*licence.suspensions, suspension]
    tx.publish(told(LicenceSuspended, licence, suspended_from=penalty.first, suspended_until=penalty.last))
    end_suspensions(licence, today, tx)


def tell_suspended(licence: Licence, today: dt.date, tx: Transaction) -> None:
    """Tell again of the suspension that ends last, while it runs: of a licence that is recorded anew it holds all the same."""
    running = [one for one in licence.suspensions if one.first <= today <= one.last]
    if running:
        latest = max(running, key=lambda one: one.last)
        tx.publish(told(LicenceSuspended, licence, suspended_from=latest.first, suspended_until=latest.last))


def end_suspensions(licence: Licence, today: dt.date, tx: Transaction) -> bool:
    """Let suspensions whose last day is over be over, and tell of it where the licence is valid again; whether there was one."""
    ended = [one for one in licence.suspensions if not one.over and one.last < today]
    for one in ended:
        one.over = True
    if ended:
        _tell_resumed(licence, today, tx)
    return bool(ended)


def lift(licence: Licence, penalty_id: str, last: dt.date | None, today: dt.date, tx: Transaction) -> bool:
    """Let a suspension end on an earlier day, or be as if it had never been (None); whether there was one."""
    found = [one for one in licence.suspensions if one.penalty_id == penalty_id]
    if not found or (last is not None and last >= found[0].last):
        return False
    over, held = found[0].over, licence.suspensions
    licence.suspensions = [one for one in held if one.penalty_id != penalty_id]
    if last is not None:
        licence.suspensions = [*licence.suspensions, found[0].model_copy(update={"last": last})]
    if not over and not end_suspensions(licence, today, tx):
        if last is None:
            _tell_resumed(licence, today, tx)
        tell_suspended(licence, today, tx)
    return True


def _tell_resumed(licence: Licence, today: dt.date, tx: Transaction) -> None:
    if licence.state == "valid" and not any(one.first <= today <= one.last for one in licence.suspensions):
        tx.publish(told(LicenceResumed, licence, resumed_on=today))


def told(kind: type[E], licence: Licence, **more: dt.date) -> E:
    """What is told of a licence."""
    return kind(
        licence_id=licence.id,
        uscc=licence.uscc,
        kind=licence.kind,
        number=licence.number,
        industries=tuple(licence.industries),
        valid_from=licence.valid_from,
        valid_to=licence.valid_to,
        **more,
    )
