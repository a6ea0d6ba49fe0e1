"""Register persons as unemployed, and end that by facts or by somebody's word."""

from __future__ import annotations

import datetime as dt

from services.registry.employment import unemployment_rules as rules
from services.registry.employment.documents import CAUSE, Employment, StoredUnemployment
from services.registry.employment.unemployment_rules import Cause, Stands
from shared import clock
from shared.contracts.registry import UnemploymentEnded, UnemploymentEnding, UnemploymentRegistered
from shared.errors import Conflict, NotFound
from shared.ids import new_id
from shared.policy.calendar import shanghai_date
from shared.policy.parameters import parameters
from shared.storage.encryption import decrypt_field, encrypt_field
from shared.storage.transaction import Transaction


async def register(
    employment: Employment, district: str, cause: Cause, since: dt.date, born_on: dt.date | None, tx: Transaction
) -> Employment:
    """Register a person as unemployed from today on, by their own word; raises Conflict or RuleBroken."""
    today = shanghai_date(clock.now())
    if employment.unemployed is not None:
        raise Conflict("registered-unemployed", "您已办理失业登记", "registered as unemployed already")
    if len(employment.unemployments) >= rules.MOST:
        raise Conflict("too-many-registrations", "失业登记次数过多", "too many registrations as unemployed")
    periods = [one.as_rule().period for one in employment.standing]
    rules.check(born_on, since, today, periods, parameters.on(today, place=district))
    kept = StoredUnemployment(
        registration_id=new_id(),
        state=rules.STATES.next("none", "register"),
        district=district,
        cause=encrypt_field(CAUSE, employment.id, cause),
        registered_on=today,
        unemployed_since=since,
    )
    employment.unemployments = [*employment.unemployments, kept]
    tx.publish(_registered(employment, kept))
    return await employment.put(tx)


async def end(employment: Employment, ending: UnemploymentEnding, tx: Transaction) -> Employment:
    """End a person's registration as unemployed today, by their own or an officer's word; raises NotFound where there is none."""
    kept = employment.unemployed
    if kept is None:
        raise NotFound("有效的失业登记", "a registration as unemployed that runs")
    _end(employment, kept, shanghai_date(clock.now()), ending, None, tx)
    return await employment.put(tx)


def follow(employment: Employment, tx: Transaction) -> None:
    """Let registrations as unemployed fit those as employed; the caller stores the record."""
    employments = [(one.registration_id, one.as_rule().period) for one in employment.standing]
    for kept in employment.unemployments:
        stands = Stands(kept.state, kept.registered_on, kept.ended_on, kept.ended_by)
        events, found = rules.follow(stands, employments, latest=kept is employment.unemployments[-1])
        if "resume" in events:
            kept.state = rules.STATES.next(kept.state, "resume")
            kept.ended_on = kept.ending = kept.ended_by = None
            if found is None:
                tx.publish(_registered(employment, kept))
        if found is not None:
            _end(employment, kept, found.last, "employed", found.registration_id, tx)


def take_over(kept: Employment, merged: Employment, tx: Transaction) -> None:
    """Let a record have what was registered of another whose place it has taken; the caller stores both."""
    for one in merged.unemployments:
        cause = decrypt_field(CAUSE, merged.id, one.cause)
        moved = one.model_copy(update={"cause": encrypt_field(CAUSE, kept.id, cause)})
        if one.state == "registered":
            _end(merged, one, shanghai_date(clock.now()), "merged", None, tx)
            # the same registration goes on under the other record, unless that has one of its own
            if kept.unemployed is not None:
                moved = one.model_copy(update={"cause": moved.cause})
            else:
                moved.registration_id = new_id()
                tx.publish(_registered(kept, moved))
        kept.unemployments = sorted([*kept.unemployments, moved], key=lambda each: each.registered_on)
    merged.unemployments = []


def forget(employment: Employment, today: dt.date) -> None:
    """End what runs of a person whose data is erased, and forget why they were without work; the caller stores the record.

    Nobody is told: with the erasure every service lets go of the person.
    """
    for kept in employment.unemployments:
        kept.cause = encrypt_field(CAUSE, employment.id, "other")
        if kept.state == "registered":
            kept.state = rules.STATES.next(kept.state, "end")
            kept.ended_on, kept.ending, kept.ended_by = today, "other", None


def _end(
    employment: Employment,
    kept: StoredUnemployment,
    last: dt.date,
    ending: UnemploymentEnding,
    by: str | None,
    tx: Transaction,
) -> None:
    kept.state = rules.STATES.next(kept.state, "end")
    kept.ended_on, kept.ending, kept.ended_by = last, ending, by
    tx.publish(
        UnemploymentEnded(
            registration_id=kept.registration_id,
            worker_id=employment.id,
            certificate_number=employment.certificate_number,
            district=kept.district,
            registered_on=kept.registered_on,
            unemployed_since=kept.unemployed_since,
            ended_on=last,
            ending=ending,
        )
    )


def _registered(employment: Employment, kept: StoredUnemployment) -> UnemploymentRegistered:
    return UnemploymentRegistered(
        registration_id=kept.registration_id,
        worker_id=employment.id,
        certificate_number=employment.certificate_number,
        district=kept.district,
        registered_on=kept.registered_on,
        unemployed_since=kept.unemployed_since,
    )
