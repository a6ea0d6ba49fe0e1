"""What paper an engagement needs, whether it is on file, and what is told of it."""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict
from typing import Any, Final

from services.registry.agreements import rules
from services.registry.agreements.documents import CountingPaper, RecordedPaper
from services.registry.agreements.texts import Model, model_of
from services.registry.engagements.access import engagement_for
from services.registry.engagements.documents import Engagement
from shared import clock
from shared.contracts.registry import AgreementDueNear, AgreementMissing, AgreementRecorded, PaperKind
from shared.ids import new_id
from shared.policy.calendar import end_of_day, shanghai_date, start_of_day
from shared.policy.parameters import Law, parameters
from shared.storage.transaction import Transaction
from shared.web.auth import Caller
from shared.web.problems import broken_rule, conflict

NEAR: Final = "registry.agreement_near"
MISSED: Final = "registry.agreement_missed"
"""The timers of a paper that is due, keyed by the engagement; their data is `due_on`."""

FACTS_STILL_COME: Final = dt.timedelta(hours=1)
"""How long a deadline that was over when it became known waits for the paper to be told of: our own, not the law's."""


def follow(engagement: Engagement, tx: Transaction) -> None:
    """Let the duty fit the engagement's footing, papers and end; the caller stores the engagement."""
    duty, papers = engagement.duty, papers_of(engagement)
    wanted, used = _demand(engagement)
    before = duty.state
    happened = rules.events(before, duty.kept(), wanted, papers, engagement.ended_on)
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
        duty.state = rules.take(duty.state, event)
        if event in ("sign", "sign_late"):
            _tell_recorded(engagement, late=event == "sign_late", tx=tx)
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
    engagement.duty.state = rules.take(engagement.duty.state, "remind")
    tx.tell(AgreementDueNear(**facts_of(engagement)))
    await engagement.put(tx)


async def miss(engagement_id: str, due_on: dt.date, tx: Transaction) -> None:
    """Say that the deadline is over, where the paper is still due on that day."""
    engagement = await Engagement.of(engagement_id, tx)
    if engagement is None or engagement.duty.due_on != due_on or engagement.duty.state not in ("due", "near"):
        return
    engagement.duty.state = rules.take(engagement.duty.state, "lapse")
    tx.tell(AgreementMissing(**facts_of(engagement)))
    await engagement.put(tx)


async def record(
    engagement_id: str,
    kind: PaperKind,
    number: str,
    signed_on: dt.date,
    model: tuple[str, int] | None,
    caller: Caller,
    tx: Transaction,
) -> Engagement:
    """Put a signed paper on file, by the engagement's platform or an officer of its district.

    One of a kind that the present footing does not demand is kept too, and counts for as little as none.
    """
    engagement = await engagement_for(engagement_id, caller, tx)
    if signed_on > shanghai_date(clock.now()):
        raise broken_rule("not-signed-yet", "签订日期不能晚于今天", "the day of signing has not come yet")
    if model is not None:
        _check_model(model_of(*model), kind)
    if any((one.kind, one.number) == (kind, number) for one in papers_of(engagement)):
        raise conflict("paper-on-file", "该文书已登记", "a paper of this kind and number is on file")
    if len(engagement.papers) >= rules.MOST_PAPERS:
        raise conflict(
            "too-many-papers",
            f"该用工关系已登记{rules.MOST_PAPERS}份文书，不再接收",
            f"an engagement has at most {rules.MOST_PAPERS} papers on file",
        )
    paper = RecordedPaper(
        paper_id=new_id(),
        kind=kind,
        number=number,
        signed_on=signed_on,
        model=model[0] if model else None,
        model_version=model[1] if model else None,
        recorded_by=caller.subject,
        recorded_at=clock.now(),
    )
    engagement.papers = [*engagement.papers, paper]
    follow(engagement, tx)
    return await engagement.put(tx)


def papers_of(engagement: Engagement) -> list[rules.Paper]:
    """Every paper on file: the one that the platform declares, and those recorded."""
    found = [rules.Paper(one.paper_id, one.kind, one.number, one.signed_on) for one in engagement.papers]
    declared = engagement.agreement
    if declared is not None:
        declared_id = f"{engagement.id}:declared"
        found.insert(0, rules.Paper(declared_id, declared.kind, declared.number, declared.signed_on))
    return found


def law_of(engagement: Engagement, day: dt.date) -> Law:
    return parameters.on(
        day,
        place=engagement.district,
        industry=engagement.industry,
        platform=engagement.platform,
        footing=engagement.relation,
    )


def facts_of(engagement: Engagement) -> dict[str, Any]:
    """What every event of an agreement says."""
    duty = engagement.duty
    assert duty.kind is not None
    return {
        "engagement_id": engagement.id,
        "worker_id": engagement.worker_id,
        "platform": engagement.platform,
        "district": engagement.district,
        "relation": engagement.relation,
        "kind": duty.kind,
        "due_on": duty.due_on,
    }


def _demand(engagement: Engagement) -> tuple[rules.Demand | None, list[Any]]:
    since, told_on = engagement.history[-1][0], shanghai_date(engagement.declared_at)
    return rules.demanded(since, told_on, lambda day: law_of(engagement, day))


def _tell_recorded(engagement: Engagement, *, late: bool, tx: Transaction) -> None:
    paper = engagement.duty.paper
    assert paper is not None
    recorded = next((one for one in engagement.papers if one.paper_id == paper.paper_id), None)
    tx.tell(
        AgreementRecorded(
            **facts_of(engagement),
            agreement_id=paper.paper_id,
            number=paper.number,
            signed_on=paper.signed_on,
            late=late,
            model=recorded.model if recorded else None,
            model_version=recorded.model_version if recorded else None,
        )
    )


def _schedule(engagement: Engagement, tx: Transaction) -> None:
    due_on, since, now = engagement.duty.due_on, engagement.duty.since, clock.now()
    if due_on is None or since is None:
        return
    law = law_of(engagement, since)
    reminder = start_of_day(due_on - dt.timedelta(days=law.days("agreement.reminder_days")))
    if reminder > now:
        tx.schedule(NEAR, engagement.id, reminder, due_on=due_on.isoformat())
    tx.schedule(MISSED, engagement.id, max(end_of_day(due_on), now + FACTS_STILL_COME), due_on=due_on.isoformat())


def _check_model(model: Model | None, kind: PaperKind) -> None:
    if model is None:
        raise broken_rule("unknown-model", "没有这个示范文本或版本", "no such model text or version")
    if model.kind != kind:
        raise broken_rule("wrong-model", "该示范文本不适用于此类文书", "this model text is for another kind of paper")
