"""The terms of an application: to say what is missing, to hand it in, to decide, and the days of its public notice."""

from __future__ import annotations

import datetime as dt

from services.subsidies.applications import events, rules
from services.subsidies.applications.documents import Application
from services.subsidies.applications.kinds import kind_of
from services.subsidies.applications.step_commands import keep_used, law_of
from shared import clock
from shared.policy.calendar import SHANGHAI, end_of_day, shanghai_date, share_passed
from shared.policy.parameters import Law, parameters
from shared.storage import provisional
from shared.storage.client import Row
from shared.storage.kinds import TimerKind
from shared.storage.provisional import Provisional, Stored, provisional_kind, rests_on
from shared.storage.transaction import Transaction

LAPSE = TimerKind("subsidies.application_lapse")
"""The timer at which an application without what was asked for counts as taken back."""
SUPPLEMENT_NEAR = TimerKind("subsidies.application_supplement_near")
"""The timer at which whoever owes what was asked for is reminded of it."""
SILENT = TimerKind("subsidies.application_silent")
"""The timer at which an application that nobody has looked at counts as taken up."""
NEAR = TimerKind("subsidies.application_near")
OVERDUE = TimerKind("subsidies.application_overdue")
"""The timers at which the last day to decide is near, and over."""
CALENDAR = provisional_kind("subsidies.application_calendar")


def _terms(row: Row) -> list[tuple[str, Provisional]]:
    """The terms under way: that to decide is reckoned from the application, a notice from its first day."""
    found = [] if row["due_on"] is None else [("decide", rests_on(row["due_on"]))]
    if row["state"] == "notice" and row["notice_until"] is not None:
        before = row["notice_since"].date() - dt.timedelta(days=1)
        days = parameters.on(before, place=row["district"]).days("subsidy.notice_workdays")
        found.append(("notice", rests_on(row["notice_until"], before, workdays=days)))
    return [(f"{row['_id']}:{what}", kept) for what, kept in found]


STORED = Stored(
    CALENDAR,
    Application,
    lambda since: {"$or": [{"due_on": {"$gte": since}}, {"state": "notice", "notice_until": {"$gte": since}}]},
    ("due_on", "state", "notice_since", "notice_until", "district"),
    _terms,
)
NOTICE_ENDS = TimerKind("subsidies.notice_ends")
"""The timer at which the days of a public notice are over."""


def set_term(application: Application, law: Law, tx: Transaction) -> None:
    """Set the last day to decide, and the timers before and behind it; none where no term is known."""
    assert application.accepted_on is not None
    due = rules.decide_by(kind_of(application.kind).term, application.accepted_on, application.paused, law)
    application.due_on = due
    if due is None:
        end_terms(application, tx)
        return
    tx.schedule(NEAR, application.id, warned_at(application.accepted_on, due, law))
    tx.schedule(OVERDUE, application.id, end_of_day(due))
    provisional.watch(CALENDAR, f"{application.id}:decide", due, tx)


def warned_at(begun_on: dt.date, due_on: dt.date, law: Law) -> dt.datetime:
    """When those who owe a step are reminded of it: once a share of its working days has passed, as the office opens."""
    opens = dt.time.fromisoformat(law.text("terms.working_hours", "begin"))
    return dt.datetime.combine(share_passed(begun_on, due_on, law.number("terms.warn_percent")), opens, SHANGHAI)


def end_terms(application: Application, tx: Transaction) -> None:
    """Nothing is due any more."""
    application.due_on = None
    tx.cancel(NEAR, application.id)
    tx.cancel(OVERDUE, application.id)


def begin_to_look(application: Application, tx: Transaction) -> None:
    """Give the office its days to say what is missing."""
    application.received_on, law = _today(), law_of(application)
    keep_used(application, law)
    tx.schedule(SILENT, application.id, end_of_day(rules.look_by(_today(), law)))


async def warn(application_id: str, tx: Transaction) -> None:
    """Say that the last day to decide is near."""
    application = await Application.of(application_id, tx)
    if application is not None and application.due_on is not None:
        events.deadline_near(application, application.due_on, tx)


async def miss(application_id: str, tx: Transaction) -> None:
    """Say that the last day to decide has passed."""
    application = await Application.of(application_id, tx)
    if application is not None and application.due_on is not None and application.due_on < _today():
        application.overdue = True
        events.overdue(application, application.due_on, tx)
        await application.put(tx)


def _today() -> dt.date:
    return shanghai_date(clock.now())
