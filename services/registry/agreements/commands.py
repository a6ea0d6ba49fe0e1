"""What paper an engagement needs, whether it is on file, and what is published of it."""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import Any, Final, TypeVar

import msgspec

from services.registry.agreements import rules
from services.registry.agreements.texts import Model, model_of
from services.registry.contract_terms import commands as contract_terms
from services.registry.disclosure.queries import engagement_for
from services.registry.engagements.documents import Engagement
from services.registry.engagements.paper_documents import CountingPaper, Duty, RecordedPaper
from shared import clock
from shared.callers import Caller
from shared.contracts.registry import AgreementDueNear, AgreementMissing, AgreementRecorded, PaperKind, PaperTerm, Post
from shared.errors import Conflict, RuleBroken
from shared.ids import new_id
from shared.policy.calendar import end_of_day, shanghai_date, start_of_day
from shared.policy.parameters import Law, parameters
from shared.storage import provisional
from shared.storage.kinds import TimerKind
from shared.storage.provisional import Provisional, by_day, provisional_kind, rests_on
from shared.storage.transaction import Transaction

E = TypeVar("E", AgreementDueNear, AgreementMissing)

"""The timers of a paper that is due, keyed by the engagement; their data is `DueDay`."""

FACTS_STILL_COME: Final = dt.timedelta(hours=1)
"""How long a deadline that was over when it became known waits for the paper to be declared: our own, not the law's."""


class DueDay(msgspec.Struct, frozen=True):
    """What the timers of a paper carry: the day on which it is due."""

    due_on: dt.date


MISSED = TimerKind("registry.agreement_missed", DueDay)
NEAR = TimerKind("registry.agreement_near", DueDay)
CALENDAR = provisional_kind("registry.agreement_calendar")
STORED = by_day(CALENDAR, Engagement, "duty.due_on", rests_on, **{"duty.state": {"$in": ["due", "near"]}})


def follow(engagement: Engagement, tx: Transaction) -> None:
    """Let the duty and the term fit the engagement's footing, papers and end; the caller stores the engagement."""
    _follow_duty(engagement, tx)
    contract_terms.follow(engagement, tx)


def _follow_duty(engagement: Engagement, tx: Transaction) -> None:
    duty, papers = engagement.duty, papers_of(engagement)
    wanted, used = _demand(engagement)
    before = duty.state
    happened = rules.events(before, on_file(duty), wanted, papers, engagement.ended_on)
    if not happened:
        return
    if wanted is not None and happened != ["release"]:
        duty.kind, duty.since, duty.due_on = wanted.kind, wanted.since, wanted.due_on
        paper = rules.counting(wanted, papers)
        duty.paper = None if paper is None else CountingPaper(**asdict(paper))
    else:
        duty.kind = duty.since = duty.due_on = duty.paper = None
    duty.used = used
    for event in happened:
        duty.state = rules.STATES.next(duty.state, event)
        if event in ("sign", "sign_late"):
            tx.publish(_recorded(engagement, late=event == "sign_late"))
    if duty.state == "due":
        _schedule(engagement, tx)
    elif before in ("due", "near"):
        tx.cancel(NEAR, engagement.id)
        tx.cancel(MISSED, engagement.id)


async def remind(engagement_id: str, due_on: dt.date, tx: Transaction) -> None:
    """Say that the deadline is near, where the paper is still due on that day."""
    engagement = await Engagement.of(engagement_id, tx)
    if engagement is None or engagement.duty.due_on != due_on or engagement.duty.state != "due":
        return
    engagement.duty.state = rules.STATES.next(engagement.duty.state, "remind")
    tx.publish(_event(AgreementDueNear, engagement))
    await engagement.put(tx)


async def miss(engagement_id: str, due_on: dt.date, tx: Transaction) -> None:
    """Say that the deadline is over, where the paper is still due on that day."""
    engagement = await Engagement.of(engagement_id, tx)
    if engagement is None or engagement.duty.due_on != due_on or engagement.duty.state not in ("due", "near"):
        return
    engagement.duty.state = rules.STATES.next(engagement.duty.state, "lapse")
    tx.publish(_event(AgreementMissing, engagement))
    await engagement.put(tx)


@dataclass(frozen=True, slots=True, kw_only=True)
class Signed:
    """A signed paper as it is put on file: on which model text it was made, and how long it runs, where that is said."""

    kind: PaperKind
    number: str
    signed_on: dt.date
    model: str | None
    model_version: int | None
    term: PaperTerm | None
    starts_on: dt.date | None
    ends_on: dt.date | None
    asked_fixed: bool
    probation_until: dt.date | None = None
    pay: Decimal | None = None
    probation_pay: Decimal | None = None
    post: Post | None = None
    post_until: dt.date | None = None


async def record(engagement_id: str, signed: Signed, caller: Caller, tx: Transaction) -> Engagement:
    """Put a signed paper on file, by the engagement's platform or an officer of its district.

    One of a kind that the present footing does not demand is kept too, and counts for as little as none.
    """
    engagement = await engagement_for(engagement_id, caller, tx)
    if signed.signed_on > shanghai_date(clock.now()):
        raise RuleBroken("not-signed-yet", "签订日期不能晚于今天", "the day of signing has not come yet")
    if signed.model is not None and signed.model_version is not None:
        _check_model(model_of(signed.model, signed.model_version), signed.kind)
    if any((one.kind, one.number) == (signed.kind, signed.number) for one in papers_of(engagement)):
        raise Conflict("paper-on-file", "该文书已登记", "a paper of this kind and number is on file")
    if len(engagement.papers) >= rules.MOST_PAPERS:
        raise Conflict(
            "too-many-papers",
            f"该用工关系已登记{rules.MOST_PAPERS}份文书，不再接收",
            f"an engagement has at most {rules.MOST_PAPERS} papers on file",
        )
    paper = RecordedPaper(paper_id=new_id(), **asdict(signed), recorded_by=caller.subject, recorded_at=clock.now())
    engagement.papers = [*engagement.papers, paper]
    follow(engagement, tx)
    await engagement.put(tx)
    await contract_terms.examine(engagement, tx)
    return engagement


def papers_of(engagement: Engagement) -> list[rules.Paper]:
    """Every paper on file: the one that the platform declares, and those recorded."""
    found = [rules.Paper(one.paper_id, one.kind, one.number, one.signed_on) for one in engagement.papers]
    declared = engagement.agreement
    if declared is not None:
        found.insert(0, rules.Paper(engagement.declared_paper_id, declared.kind, declared.number, declared.signed_on))
    return found


def law_of(engagement: Engagement, day: dt.date) -> Law:
    return parameters.on(
        day,
        place=engagement.district,
        industry=engagement.industry,
        platform=engagement.platform,
        footing=engagement.relation,
    )


def on_file(duty: Duty) -> tuple[rules.Demand, rules.Paper | None] | None:
    """The demand and the counting paper as the rules have them; None where no paper is demanded."""
    if duty.kind is None or duty.since is None:
        return None
    paper = None if duty.paper is None else rules.Paper(**duty.paper.model_dump())
    return rules.Demand(duty.kind, duty.since, duty.due_on), paper


def _event(kind: type[E], engagement: Engagement) -> E:
    duty = engagement.duty
    assert duty.kind is not None
    return kind(
        engagement_id=engagement.id,
        worker_id=engagement.worker_id,
        platform=engagement.platform,
        district=engagement.district,
        relation=engagement.relation,
        kind=duty.kind,
        due_on=duty.due_on,
    )


def _demand(engagement: Engagement) -> tuple[rules.Demand | None, list[Any]]:
    since, declared_on = engagement.history[-1][0], shanghai_date(engagement.declared_at)
    return rules.demanded(since, declared_on, lambda day: law_of(engagement, day), part_time=engagement.by_the_hour)


def _recorded(engagement: Engagement, *, late: bool) -> AgreementRecorded:
    duty = engagement.duty
    assert duty.kind is not None
    assert duty.paper is not None
    found = next((one for one in engagement.papers if one.paper_id == duty.paper.paper_id), None)
    return AgreementRecorded(
        engagement_id=engagement.id,
        worker_id=engagement.worker_id,
        platform=engagement.platform,
        district=engagement.district,
        relation=engagement.relation,
        kind=duty.kind,
        due_on=duty.due_on,
        agreement_id=duty.paper.paper_id,
        number=duty.paper.number,
        signed_on=duty.paper.signed_on,
        late=late,
        model=found.model if found else None,
        model_version=found.model_version if found else None,
    )


def _schedule(engagement: Engagement, tx: Transaction) -> None:
    due_on, since, now = engagement.duty.due_on, engagement.duty.since, clock.now()
    if due_on is None or since is None:
        return
    law, due = law_of(engagement, since), DueDay(due_on)
    reminder = start_of_day(due_on - dt.timedelta(days=law.days("agreement.reminder_days")))
    if reminder > now:
        tx.schedule(NEAR, engagement.id, reminder, due)
    tx.schedule(MISSED, engagement.id, max(end_of_day(due_on), now + FACTS_STILL_COME), due)
    provisional.watch(CALENDAR, engagement.id, due_on, tx)


async def recalculate(engagement_id: str, kept: Provisional, tx: Transaction) -> None:
    """Move the day on which a paper is due, where the days off have been published that it rests on."""
    engagement = await Engagement.of(engagement_id, tx)
    if engagement is None or engagement.duty.due_on != kept.due or engagement.duty.state not in ("due", "near"):
        return
    wanted, _ = _demand(engagement)
    if wanted is not None and wanted.due_on != kept.due:
        engagement.duty.due_on = wanted.due_on
        _schedule(engagement, tx)
        await engagement.put(tx)


def _check_model(model: Model | None, kind: PaperKind) -> None:
    if model is None:
        raise RuleBroken("unknown-model", "没有这个示范文本或版本", "no such model text or version")
    if model.kind != kind:
        raise RuleBroken("wrong-model", "该示范文本不适用于此类文书", "this model text is for another kind of paper")
