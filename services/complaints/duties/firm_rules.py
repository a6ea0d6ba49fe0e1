"""Partner firms, their licences, what is advanced in their place, and the share of dispatched people."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from contextlib import suppress
from decimal import Decimal

from services.complaints.duties.told_rules import Around, Found, People, Told, after, every, last
from shared.contracts.base import money, yuan
from shared.contracts.complaints.duty_findings import (
    AdvanceUnpaid,
    LapsedLicence,
    PartnerDefault,
    TooManyDispatched,
    UnlicensedCooperation,
    UnrecordedPartner,
)
from shared.contracts.insurance import (
    AdvanceDue,
    AdvanceFact,
    AdvancePaid,
    BenefitPaid,
    RecourseClosed,
    RecourseCorrected,
)
from shared.contracts.registry import (
    CooperationEnded,
    CooperationFact,
    CooperationRecorded,
    CooperationRelicensed,
    CooperationUnlicensed,
    DispatchShareExceeded,
    LicenceFact,
    LicenceLapsed,
    LicenceRecorded,
    LicenceResumed,
    LicenceSuspended,
)
from shared.identity.regions import CITY
from shared.policy.parameters import MissingParameter, Used, parameters

ONE_DAY = dt.timedelta(1)
Recourse = tuple[RecourseClosed | RecourseCorrected, Told]


def advances(told: Sequence[Told], around: Around) -> list[Found]:
    """Advances that a platform did not pay in time, and partner firms in whose place one was due.

    Insurance tells of an advance when it falls due, and again once its last day is over.
    """
    found = []
    paid_at_all = last(told, BenefitPaid) is not None
    for advance_id in sorted({one.fact.advance_id for one in told if isinstance(one.fact, AdvanceFact)}):
        mine = [one for one in told if isinstance(one.fact, AdvanceFact) and one.fact.advance_id == advance_id]
        due, paid, recourse = last(mine, AdvanceDue), last(mine, AdvancePaid), _recourse(mine)
        if due is None:
            continue
        fact, at = due
        if paid is None and not paid_at_all and fact.due_on is not None and at.day > fact.due_on:
            found.append(_unpaid(fact, at))
        by_itself = paid_at_all and paid is None
        closed = recourse is not None and isinstance(recourse[0], RecourseClosed) and recourse[0].outcome == "recovered"
        if not by_itself and not closed:
            found.append(_default(fact, at, paid, recourse))
    return found


def _recourse(mine: Sequence[Told]) -> Recourse | None:
    """The last word on a recourse: one that is corrected after it was closed is open again."""
    closed, corrected = last(mine, RecourseClosed), last(mine, RecourseCorrected)
    if closed is None or (corrected is not None and after(corrected[1], closed[1])):
        return corrected
    return closed


def _unpaid(fact: AdvanceDue, at: Told) -> Found:
    assert fact.due_on is not None
    return Found(
        about=fact.advance_id,
        platform=fact.platform,
        district=CITY,
        finding=AdvanceUnpaid(
            advance_id=fact.advance_id,
            claim_id=fact.claim_id,
            partner=fact.partner,
            amount=fact.amount,
            due_on=fact.due_on,
            days_late=(at.day - fact.due_on).days,
        ),
        rests_on=[at],
        used=_used_of(fact),
        to_judge=("payment_under_way",),
        worker_id=fact.worker_id,
    )


def _used_of(fact: AdvanceDue) -> tuple[Used, ...]:
    assert fact.due_on is not None
    law = parameters.on(fact.due_on)
    try:
        law.days("advance.days")
    except MissingParameter:
        return ()
    return law.used


def _default(fact: AdvanceDue, at: Told, paid: tuple[AdvancePaid, Told] | None, recourse: Recourse | None) -> Found:
    recovered = Decimal(0) if recourse is None else yuan(recourse[0].recovered)
    return Found(
        about=fact.advance_id,
        platform=fact.partner,
        district=CITY,
        finding=PartnerDefault(
            advance_id=fact.advance_id,
            claim_id=fact.claim_id,
            advanced_by=fact.platform,
            amount=fact.amount,
            advanced_on=None if paid is None else paid[0].paid_on,
            recovered=None if recourse is None else recourse[0].recovered,
            outstanding=money(yuan(fact.amount) - recovered),
        ),
        rests_on=[at, *(one for _, one in (pair for pair in (paid, recourse) if pair is not None))],
        to_judge=("partner_disputes", "payment_under_way"),
        worker_id=fact.worker_id,
    )


def _unlicensed(told: Sequence[Told]) -> tuple[CooperationUnlicensed, Told] | None:
    """That the partner lacks a licence, unless it is there again."""
    lacking = last(told, CooperationUnlicensed)
    held: list[tuple[CooperationFact, Told]] = [
        *every(told, CooperationRelicensed),
        *(pair for pair in every(told, CooperationRecorded) if pair[0].licensed),
    ]
    if lacking is None or any(after(other, lacking[1]) for _, other in held):
        return None
    return lacking


def cooperation_people(told: Sequence[Told]) -> People | None:
    """Who makes a missing licence matter: whoever works through the partner from the first day without it."""
    lacking, ended = _unlicensed(told), last(told, CooperationEnded)
    if lacking is None:
        return None
    fact, until = lacking[0], None if ended is None else ended[0].ends_on
    return None if until is not None and until < fact.since else People(fact.platform, fact.partner, fact.since, until)


def cooperation(told: Sequence[Told], around: Around) -> list[Found]:
    """A partner firm without its licence while people work through it. Nothing where the licence is there again."""
    lacking, ended = _unlicensed(told), last(told, CooperationEnded)
    if lacking is None or not around.people:
        return []
    fact, at = lacking
    finding = UnlicensedCooperation(
        cooperation_id=fact.cooperation_id,
        partner=fact.partner,
        form=fact.form,
        missing=fact.missing,
        since=fact.since,
        ended_on=None if ended is None else ended[0].ends_on,
    )
    law = parameters.on(fact.since, place=fact.district, industry=fact.industry)
    for kind in fact.missing:
        with suppress(MissingParameter):
            law.texts(f"licence.{kind}")
    return [
        Found(
            about=fact.cooperation_id,
            platform=fact.platform,
            district=fact.district,
            finding=finding,
            rests_on=[at, *([] if ended is None else [ended[1]])],
            used=law.used,
            to_judge=("licence_needed",),
        )
    ]


def unrecorded_people(platform: str, partner: str, told: Sequence[Told]) -> list[People]:
    """Whose work through a partner matters: on days without a cooperation of the two on file. `told`: all their cooperations.

    One that has an end goes on until it is told that its last day is over.
    """
    ids = sorted({one.fact.cooperation_id for one in told if isinstance(one.fact, CooperationFact)})
    spans: list[tuple[dt.date, dt.date | None]] = []
    for cooperation_id in ids:
        own = [
            one for one in told if isinstance(one.fact, CooperationFact) and one.fact.cooperation_id == cooperation_id
        ]
        known, ended = last(own, CooperationFact), last(own, CooperationEnded)
        assert known is not None
        spans.append((known[0].starts_on, ended[0].ends_on if ended else None))
    found: list[People] = []
    free: dt.date | None = dt.date.min
    for first, until in sorted(spans, key=lambda span: span[0]):
        if free is not None and free < first:
            found.append(People(platform, partner, free, first - ONE_DAY))
        free = None if until is None or free is None else max(free, until + ONE_DAY)
    if free is not None:
        found.append(People(platform, partner, free, None))
    return found


def unrecorded(told: Sequence[Told], around: Around) -> list[Found]:
    """A partner through which people work, or who dispatches them, on days on which no cooperation with it is on file."""
    if not around.without_cooperation:
        return []
    latest = max(around.without_cooperation, key=lambda people: people.since)
    since = None if latest.since == dt.date.min else latest.since
    return [
        Found(
            about=f"{latest.platform}|{latest.partner or ''}",
            platform=latest.platform,
            district=CITY,
            finding=UnrecordedPartner(firm=latest.partner, since=since),
            rests_on=told,
            to_judge=("licence_needed",),
        )
    ]


def _lapsed(told: Sequence[Told]) -> tuple[LicenceFact, dt.date, Told] | None:
    """The licence whose last day came last, be it for good or since it is suspended, unless one of its kind is valid for longer."""
    over: list[tuple[LicenceFact, dt.date, Told]] = [
        *((fact, fact.valid_to, one) for fact, one in every(told, LicenceLapsed) if fact.valid_to is not None),
        *((fact, fact.suspended_from - ONE_DAY, one) for fact, one in every(told, LicenceSuspended)),
    ]
    if not over:
        return None
    found = max(over, key=lambda one: (one[1], one[0].licence_id))
    held = [fact.valid_to for fact, _ in [*every(told, LicenceRecorded), *every(told, LicenceResumed)]]
    return None if any(day is None or day > found[1] for day in held) else found


def licence_people(told: Sequence[Told]) -> People | None:
    """Who makes a lapsed licence matter: whoever works through the enterprise after its last day."""
    lapsed = _lapsed(told)
    return None if lapsed is None else People(lapsed[0].uscc, None, lapsed[1] + ONE_DAY, None)


def licence(told: Sequence[Told], around: Around) -> list[Found]:
    """An enterprise's licence that is over or suspended, with no other of its kind on file, while people work through it."""
    lapsed = _lapsed(told)
    if lapsed is None or not around.people:
        return []
    fact, until, at = lapsed
    finding = LapsedLicence(
        licence_id=fact.licence_id,
        licence=fact.kind,
        number=fact.number,
        valid_to=until,
        suspended_until=fact.suspended_until if isinstance(fact, LicenceSuspended) else None,
    )
    return [
        Found(
            about=f"{fact.uscc}|{fact.kind}",
            platform=fact.uscc,
            district=CITY,
            finding=finding,
            rests_on=[at],
            to_judge=("licence_needed",),
        )
    ]


def dispatch_share(told: Sequence[Told], around: Around) -> list[Found]:
    """Each time that an employer came over the share of dispatched people (劳动合同法 art. 66; 劳务派遣暂行规定 art. 4)."""
    found = []
    for fact, at in every(told, DispatchShareExceeded):
        law = parameters.on(fact.on, platform=fact.uscc)
        with suppress(MissingParameter):
            law.amount("dispatch.max_percent")
        allowed = int(Decimal(fact.limit_percent) * (fact.dispatched + fact.employed) / 100)
        finding = TooManyDispatched(
            on=fact.on,
            dispatched=fact.dispatched,
            employed=fact.employed,
            percent=fact.percent,
            limit_percent=fact.limit_percent,
            allowed=allowed,
            excess=max(0, fact.dispatched - allowed),
        )
        found.append(
            Found(
                about=f"{fact.uscc}|{fact.on}",
                platform=fact.uscc,
                district=CITY,
                finding=finding,
                rests_on=[at],
                used=law.used,
                to_judge=("dispatch_posts",),
            )
        )
    return found
