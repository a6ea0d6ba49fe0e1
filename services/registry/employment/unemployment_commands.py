"""Register persons as unemployed, and end that by facts, by somebody's word, or where nothing is heard of them."""

from __future__ import annotations

import datetime as dt
from typing import TypedDict

import msgspec

from services.registry.employment import unemployment_rules as rules
from services.registry.employment.documents import CAUSE, Employment, StoredUnemployment
from services.registry.employment.unemployment_rules import Cause, Stands
from shared import clock
from shared.contracts.registry import (
    UnemploymentContactDue,
    UnemploymentEnded,
    UnemploymentEnding,
    UnemploymentRegistered,
)
from shared.errors import Conflict, NotFound
from shared.ids import new_id
from shared.policy.calendar import end_of_day, shanghai_date, start_of_day
from shared.policy.parameters import parameters
from shared.storage.encryption import decrypt_field, encrypt_field
from shared.storage.kinds import TimerKind
from shared.storage.transaction import Transaction


class Unheard(msgspec.Struct, frozen=True):
    """What the timers of a registration carry: whose it is, and since when nothing was heard of them."""

    worker_id: str
    contacted_on: dt.date


CONTACT_NEAR = TimerKind("registry.unemployment_contact_near", Unheard)
CONTACT_OVER = TimerKind("registry.unemployment_contact_over", Unheard)
"""Keyed by the registration."""


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
    _heard_of(employment, kept, today, tx)
    tx.publish(_registered(employment, kept))
    return await employment.put(tx)


async def contact(employment: Employment, on: dt.date | None, tx: Transaction) -> Employment:
    """Note that a person who is registered was in contact on a day, today where it is None; raises NotFound or RuleBroken."""
    kept, today = employment.unemployed, shanghai_date(clock.now())
    if kept is None:
        raise NotFound("有效的失业登记", "a registration as unemployed that runs")
    rules.check_contact(on or today, kept.registered_on, today)
    _heard_of(employment, kept, max(on or today, kept.contacted_on or kept.registered_on), tx)
    return await employment.put(tx)


async def warn(registration_id: str, unheard: Unheard, tx: Transaction) -> None:
    """Say that a registration ends soon, where nothing was heard of the person since."""
    employment = await Employment.of(unheard.worker_id, tx)
    kept = _still_unheard(employment, registration_id, unheard)
    if employment is None or kept is None or kept.contact_due_on is None:
        return
    tx.publish(
        UnemploymentContactDue(
            **_fields(employment, kept),
            contacted_on=unheard.contacted_on,
            due_on=kept.contact_due_on,
        )
    )
    await employment.put(tx)  # so that a contact at the same moment is not overlooked


async def fall_silent(registration_id: str, unheard: Unheard, tx: Transaction) -> None:
    """End a registration, where nothing was heard of the person in time (就业服务与就业管理规定 art. 66)."""
    employment = await Employment.of(unheard.worker_id, tx)
    kept = _still_unheard(employment, registration_id, unheard)
    if employment is None or kept is None or kept.contact_due_on is None:
        return
    _end(employment, kept, kept.contact_due_on, "no_contact", None, tx)
    await employment.put(tx)


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
                _heard_of(
                    employment, kept, shanghai_date(clock.now()), tx
                )  # nobody could ask it of who was said to work
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
                _heard_of(kept, moved, one.contacted_on or one.registered_on, tx)
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


def _heard_of(employment: Employment, kept: StoredUnemployment, on: dt.date, tx: Transaction) -> None:
    law = parameters.on(on, place=kept.district)
    found, kept.contacted_on = rules.silence(on, law), on
    kept.contact_due_on, kept.used = (found.due_on if found else None), list(law.used)
    if found is not None:
        unheard = Unheard(employment.id, on)
        tx.schedule(CONTACT_NEAR, kept.registration_id, start_of_day(found.warn_on), unheard)
        tx.schedule(CONTACT_OVER, kept.registration_id, end_of_day(found.due_on), unheard)


def _still_unheard(employment: Employment | None, registration_id: str, unheard: Unheard) -> StoredUnemployment | None:
    kept = employment.unemployed if employment else None
    same = kept is not None and (kept.registration_id, kept.contacted_on) == (registration_id, unheard.contacted_on)
    return kept if same else None


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
    tx.cancel(CONTACT_NEAR, kept.registration_id)
    tx.cancel(CONTACT_OVER, kept.registration_id)
    tx.publish(
        UnemploymentEnded(
            **_fields(employment, kept),
            ended_on=last,
            ending=ending,
        )
    )


class _Fields(TypedDict):
    registration_id: str
    worker_id: str
    certificate_number: str
    district: str
    registered_on: dt.date
    unemployed_since: dt.date


def _fields(employment: Employment, kept: StoredUnemployment) -> _Fields:
    return {
        "registration_id": kept.registration_id,
        "worker_id": employment.id,
        "certificate_number": employment.certificate_number,
        "district": kept.district,
        "registered_on": kept.registered_on,
        "unemployed_since": kept.unemployed_since,
    }


def _registered(employment: Employment, kept: StoredUnemployment) -> UnemploymentRegistered:
    return UnemploymentRegistered(**_fields(employment, kept))
