"""Serve decisions on applicants, and say until when they are contested: from their service on, and from nothing else."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from services.subsidies.applications import rules
from services.subsidies.applications.documents import TEXT, Application, Corrected, Served, encrypted
from services.subsidies.applications.kinds import kind_of
from services.subsidies.applications.rules import Remedies, served_on
from services.subsidies.applications.step_commands import keep_used, store
from shared import clock
from shared.errors import Conflict, RuleBroken
from shared.policy.calendar import shanghai_date
from shared.policy.parameters import MissingParameter, parameters
from shared.policy.serving import ServiceWay, check_day, check_way
from shared.storage.transaction import Transaction


@dataclass(frozen=True, slots=True)
class Way:
    """How and when a decision was served: the day of receipt, or of an announcement that of its publication; what proves it, and
    whether the applicant has agreed to electronic service."""

    way: ServiceWay
    on: dt.date
    evidence: str
    agreed: bool


def check_administrative(application: Application) -> None:
    """Raise RuleBroken for what no authority decides."""
    if not kind_of(application.kind).administrative:
        raise RuleBroken(
            "no-authority",
            "工会帮扶不是行政行为，不适用行政复议和行政诉讼；有异议请向受理的工会反映",
            "the union's help is no decision of an authority: turn to the union",
        )


async def serve(application: Application, how: Way, officer: str, tx: Transaction) -> Application:
    """Record that the decision that stands was served on the applicant: the terms to contest it begin (行政复议法 art. 20; 行政诉讼法
    art. 46). Raises Conflict where nothing is decided, or it counts as served as early already; RuleBroken."""
    _serve(application, how, officer)
    return await store(application, tx)


async def correct(
    application: Application, reason: str, anew: Way | None, officer: str, tx: Transaction
) -> Application:
    """Record that the service that counts was recorded wrongly, and how the decision was served, None where it was not. The wrong
    one stays on file, and nothing runs from it."""
    wrong = application.service
    if wrong is None:
        raise Conflict("not-served", "该决定尚未送达", "the decision was not served")
    wrong.corrected = Corrected(reason=encrypted(TEXT, application.id, reason), by=officer, at=clock.now())
    if anew is not None:
        _serve(application, anew, officer)
    return await store(application, tx)


def _serve(application: Application, how: Way, officer: str) -> None:
    check_administrative(application)
    made_on = application.letter_on or application.decided_on
    if made_on is None:
        raise Conflict("not-decided", "该申请尚未作出决定", "nothing is decided yet")
    check_way(how.way, how.agreed)
    check_day(how.on, made_on, _today())
    law = parameters.on(how.on, place=application.district)
    counts_from = served_on(how.way, how.on, law)
    known = application.service
    if known is not None and known.served_on <= counts_from:
        raise Conflict("served-already", "该决定已经送达", "the decision counts as served already")
    one = Served(
        letter=application.letter,
        way=how.way,
        on=how.on,
        served_on=counts_from,
        evidence=encrypted(TEXT, application.id, how.evidence),
        by=officer,
        at=clock.now(),
    )
    application.served = [*application.served, one]
    keep_used(application, law)


def remedies_of(application: Application) -> Remedies:
    """Until when the decision that stands is contested, by the days off that are published now."""
    service, received_on = application.service, application.review_received_on
    day = received_on or (service.served_on if service else None)
    if day is None or not kind_of(application.kind).administrative:
        return Remedies()
    law = parameters.on(day, place=application.district)
    try:
        return rules.remedies(_counts_from(application), received_on, law)
    except MissingParameter:
        return Remedies()


def _counts_from(application: Application) -> dt.date | None:
    """From when the service counts, where an announcement's term may follow days off that were published since."""
    one = application.service
    return None if one is None else served_on(one.way, one.on, parameters.on(one.on, place=application.district))


def _today() -> dt.date:
    return shanghai_date(clock.now())
