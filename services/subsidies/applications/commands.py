"""File an application, hand in what is missing, take it back; propose by what is known."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import msgspec

from services.subsidies.applications import events, rules
from services.subsidies.applications.documents import (
    ACCOUNT,
    NAME,
    NOBODY,
    STATED,
    TEXT,
    Agent,
    Application,
    GroundFound,
    Proposal,
    Step,
    count,
    encrypted,
)
from services.subsidies.applications.kinds import Kind, kind_of
from services.subsidies.applications.rules import PAID_ALREADY, RESTRICTED, Move
from services.subsidies.budgets import commands as budgets
from services.subsidies.decisions import commands as decisions
from services.subsidies.decisions import record_rules
from services.subsidies.decisions.documents import Subject
from services.subsidies.decisions.rules import ApplicantKind, Facts, Outcome
from services.subsidies.persons import commands as persons
from shared import clock
from shared.errors import Conflict, RuleBroken
from shared.ids import new_id, readable_number
from shared.policy.calendar import SHANGHAI, end_of_day, month_of, shanghai_date, share_passed
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Filing:
    """What is handed in. `party`: whose token files it, as `<role>:<id>`; `stated`, `account`: JSON, as they are stored."""

    kind: Kind
    applicant_kind: ApplicantKind
    applicant_id: str
    party: str
    agent: Agent | None
    name: str
    account: str | None
    stated: str
    district: str


async def file(filing: Filing, tx: Transaction) -> Application:
    """Keep an application as a draft, which its filer submits."""
    kind = filing.kind
    if filing.applicant_kind not in kind.applicants:
        raise RuleBroken("not-for-applicant", "该补贴不面向此类申请人", "this kind is not for such an applicant")
    if filing.agent is not None and filing.agent.until < _today():
        raise RuleBroken("mandate-over", "委托书已过期", "the mandate is over")
    application_id, today = new_id(), _today()
    applicant_id = filing.applicant_id
    if filing.applicant_kind == "person":
        applicant_id = await persons.current(applicant_id, tx)
    own = party_of(filing.applicant_kind, applicant_id)
    parties = [filing.party] if own is None else list(dict.fromkeys([own, filing.party]))
    filed_by_officer = filing.party.startswith("officer:")
    return await Application(
        id=application_id,
        number=readable_number("德补", application_id, today),
        kind=kind.code,
        applicant_kind=filing.applicant_kind,
        applicant_id=applicant_id,
        parties=parties,
        subjects=[applicant_id],
        agent=filing.agent,
        name=encrypted(NAME, application_id, filing.name),
        account=None if filing.account is None else encrypted(ACCOUNT, application_id, filing.account),
        stated=encrypted(STATED, application_id, filing.stated),
        district=filing.district,
        away=[filing.party.removeprefix("officer:")] if filed_by_officer else [],
    ).put(tx)


async def kind_on_file(application_id: str, tx: Transaction) -> str | None:
    """The kind of an application that was handed in; None for a draft, and where there is none."""
    application = await Application.of(application_id, tx)
    return None if application is None or application.department is None else application.kind


async def change(application: Application, stated: str, account: str | None, tx: Transaction) -> Application:
    """Change what a draft says, or add what was asked for; of what is approved without an account, the account alone."""
    unpayable = application.state == "approved" and application.account is None
    if application.state not in ("draft", "supplementing") and not unpayable:
        raise Conflict("application-state", "该申请的当前状态不允许修改", "it is not to be changed now")
    if not unpayable:
        application.stated = encrypted(STATED, application.id, stated)
    if account is not None:
        application.account = encrypted(ACCOUNT, application.id, account)
    return await application.put(tx)


async def submit(application: Application, by: str, tx: Transaction) -> Application:
    """Hand in a draft: from now on it is on file, and the machine proposes."""
    kind = kind_of(application.kind)
    if kind.fund is not None and application.account is None:
        raise RuleBroken("account-missing", "请填写收款账户", "say into which account it is paid")
    move(application, "submit", by)
    application.department = kind.department
    application.filed_on, application.month = _today(), month_of(clock.now())
    _wait(application, tx)
    await propose(application, tx)
    events.submitted(application, tx)
    return await store(application, tx)


async def supplement(application: Application, by: str, tx: Transaction) -> Application:
    """Say that what was asked for is there; the term to decide goes on from tomorrow."""
    move(application, "supplement", by)
    tx.cancel(LAPSE, application.id)
    application.pauses = [
        one if one.last is not None else one.model_copy(update={"last": _today()}) for one in application.pauses
    ]
    _wait(application, tx)
    await propose(application, tx)
    return await store(application, tx)


async def withdraw(application: Application, by: str, tx: Transaction) -> Application:
    """Take an application back before it is paid."""
    if application.state == "draft":
        move(application, "discard", by)
        return await application.put(tx)
    queued = application.state == "queued"
    move(application, "withdraw", by)
    return await _end(application, tx, lapsed=False, queued=queued)


async def lapse(application_id: str, tx: Transaction) -> None:
    """Take an application as withdrawn whose supplement did not come."""
    application = await Application.of(application_id, tx)
    if application is not None and application.state == "supplementing":
        move(application, "lapse", NOBODY)
        await _end(application, tx, lapsed=True, queued=False)


async def _end(application: Application, tx: Transaction, *, lapsed: bool, queued: bool) -> Application:
    application.public = False
    if queued:
        await decisions.give_up_facts(application.id, application.once, tx)
        for reserved in reservations_of(application):
            await budgets.release(reserved, tx)
    end_terms(application, tx)
    tx.cancel(LAPSE, application.id)
    tx.cancel(NOTICE_ENDS, application.id)
    tx.cancel(SILENT, application.id)
    events.withdrawn(application, lapsed=lapsed, tx=tx)
    return await store(application, tx)


async def erase(worker_id: str, tx: Transaction) -> None:
    """Remove what a person had not handed in; what was handed in is kept, as use of public money is accounted for."""
    await tx.delete_many(Application, {"subjects": worker_id, "applicant_id": worker_id, "filed_on": None})


async def propose(application: Application, tx: Transaction) -> tuple[Facts, Outcome]:
    """Have the machine propose by what is known now; what it proposes is kept with the application (个人信息保护法 art. 24).

    The subject is stored too, so that a merger or another decision on it at the same time is seen.
    """
    kind = kind_of(application.kind)
    Subject.touch(application.applicant_id, tx)
    facts = await facts_of(application, tx)
    outcome = record_rules.outcome_of(kind.rule, facts, _today())
    others = await decisions.taken_by_others(outcome.once, application.id, tx)
    barred = [PAID_ALREADY] * bool(others) + [RESTRICTED] * await _restricted(application, tx)
    result = record_rules.result_of(outcome)
    application.subjects = list(dict.fromkeys([application.applicant_id, *kind.subjects(facts)]))
    application.proposal = Proposal(
        made_at=clock.now(),
        digest=record_rules.digest({"facts": msgspec.to_builtins(facts), "result": result, "barred": barred}),
        grounds=[
            GroundFound(code=one.code, met=one.met, document=one.document, article=one.article)
            for one in outcome.grounds
        ],
        amount=outcome.amount,
        once=list(outcome.once),
        barred=barred,
        used=list(outcome.used),
    )
    return facts, outcome


async def _restricted(application: Application, tx: Transaction) -> bool:
    """Whether public funds are closed to the applicant today, as one that is on a list of the dishonest."""
    if application.applicant_kind == "person":
        return False
    found = await persons.restrictions(application.applicant_id, tx)
    return any("government_funds" in one.fields and one.holds_on(_today()) for one in found)


async def facts_of(application: Application, tx: Transaction) -> Facts:
    """What is known now of what an application rests on."""
    kind = kind_of(application.kind)
    stated = kind.stated.model_validate_json(application.clear_stated)
    return await kind.facts(stated, application.applying, tx)


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


def _wait(application: Application, tx: Transaction) -> None:
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


def move(application: Application, step: Move, by: str, note: str | None = None) -> None:
    """Take a step, and keep by whom and why."""
    application.state = rules.STATES.next(application.state, step)
    kept = None if note is None else encrypted(TEXT, application.id, note)
    application.steps = [*application.steps, Step(at=clock.now(), move=step, by=by, note=kept)]


async def store(application: Application, tx: Transaction) -> Application:
    """Store an application, counted by its state."""
    count(application, tx)
    return await application.put(tx)


def law_of(application: Application) -> Law:
    """Today's law where the application belongs, for how it is dealt with."""
    return parameters.on(_today(), place=application.district)


def keep_used(application: Application, law: Law) -> None:
    """Keep the parameters that a step rested on."""
    application.used = list(dict.fromkeys([*application.used, *law.used]))


def part_of(application: Application, number: int) -> str:
    """Under what the money of a later decision on an application is reserved and owed; `number`: the decision's."""
    return f"{application.id}:{number:03}"


def reservations_of(application: Application) -> list[str]:
    """Under what money may be reserved for an application and its parts."""
    return [application.id, *(part_of(application, number) for number in range(2, application.decisions + 1))]


def party_of(kind: ApplicantKind, applicant_id: str) -> str | None:
    """Whose token an applicant has; a community has none."""
    role = {"person": "worker", "platform": "platform", "provider": "provider", "union": "union"}.get(kind)
    return None if role is None else f"{role}:{applicant_id}"


def _today() -> dt.date:
    return shanghai_date(clock.now())
