"""Follow the term of an engagement's contract or agreement, say before and after its last day what comes, and what of it is void."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any, Final, TypeVar

import msgspec

from services.registry.contract_terms import rules, validity_rules
from services.registry.contract_terms.rules import Contract
from services.registry.contract_terms.validity_rules import Agreed
from services.registry.engagements.documents import Engagement
from services.registry.engagements.paper_documents import Faulty, Paper, TermOnFile
from shared import clock
from shared.contracts.base import money
from shared.contracts.registry import AgreementExpired, AgreementExpiring, AgreementTermsExamined, PaperKind, TermFault
from shared.policy.calendar import end_of_day, shanghai_date, start_of_day
from shared.policy.parameters import Law, parameters
from shared.storage.kinds import TimerKind
from shared.storage.transaction import Transaction

E = TypeVar("E", AgreementExpiring, AgreementExpired)

FACTS_STILL_COME: Final = dt.timedelta(hours=1)
"""How long a term that was over when it became known waits for the next paper, or the end: our own, not the law's."""


class LastDay(msgspec.Struct, frozen=True):
    """What the timers of a term carry: its last day."""

    ends_on: dt.date


NEAR = TimerKind("registry.contract_term_near", LastDay)
OVER = TimerKind("registry.contract_term_over", LastDay)
"""The timers of a fixed term, keyed by the engagement."""


def follow(engagement: Engagement, tx: Transaction) -> None:
    """Let the term on file fit the engagement's papers, footing and end; the caller stores the engagement."""
    kept, before = engagement.term, engagement.term.state
    known = None if kept.paper_id is None else (kept.paper_id, kept.ends_on)
    wanted = current(engagement)
    happened = rules.events(before, known, wanted, engagement.ended_on)
    for event in happened:
        kept.state = rules.STATES.next(kept.state, event)
    if not happened:
        return
    engagement.term = TermOnFile(
        state=kept.state,
        paper_id=wanted.paper_id if wanted else None,
        ends_on=wanted.ends_on if wanted else None,
    )
    if engagement.term.state == "running" and engagement.term.ends_on is not None:
        _schedule(engagement, engagement.term.ends_on, tx)
    elif before != "none":
        tx.cancel(NEAR, engagement.id)
        tx.cancel(OVER, engagement.id)


async def examine(engagement: Engagement, tx: Transaction) -> None:
    """Tell what of an engagement's contracts is against the law, where that is other than was told last.

    Probation is agreed once with an employer, so that a contract may make that of another engagement void.
    """
    several = [engagement]
    if any(one.probation_until for one in engagement.papers):
        known = await tx.find(Engagement, {"worker_id": engagement.worker_id})
        several += [one for one in known if one.id != engagement.id and _employer(one) == _employer(engagement)]
    agreed = {one.id: _agreed(one) for one in several}
    everything = [each for found in agreed.values() for each in found]
    for one in several:
        if _tell_faults(one, agreed[one.id], everything, tx):
            await one.put(tx)


def _tell_faults(engagement: Engagement, own: list[Agreed], others: list[Agreed], tx: Transaction) -> bool:
    before = {one.paper_id: one for one in engagement.faulty}
    now: list[Faulty] = []
    for one in own:
        law = law_of(engagement, one.contract.signed_on)
        faults = validity_rules.faults(one, others, law)
        paper_id = one.contract.paper_id
        kept: list[dict[str, Any]] = [msgspec.to_builtins(fault) for fault in faults]
        known = before.get(paper_id)
        if kept or known is not None:
            now.append(Faulty(paper_id=paper_id, faults=kept, used=list(law.used) if kept else []))
        if kept != (known.faults if known else []):
            tx.publish(_examined(engagement, one, faults))
    changed = now != engagement.faulty
    engagement.faulty = now
    return changed


def _examined(engagement: Engagement, one: Agreed, faults: tuple[TermFault, ...]) -> AgreementTermsExamined:
    contract = one.contract
    return AgreementTermsExamined(
        engagement_id=engagement.id,
        worker_id=engagement.worker_id,
        platform=engagement.platform,
        district=engagement.district,
        relation=engagement.relation,
        employer=_employer(engagement),
        agreement_id=contract.paper_id,
        number=contract.number,
        signed_on=contract.signed_on,
        starts_on=contract.starts_on,
        ended_on=engagement.ended_on,
        pay=None if one.pay is None else money(one.pay),
        found=bool(faults),
        faults=faults,
    )


def _employer(engagement: Engagement) -> str:
    """Who concludes the contract: the partner firm or agency, where there is one."""
    return engagement.partner_uscc or engagement.platform


def _agreed(engagement: Engagement) -> list[Agreed]:
    recorded = {one.paper_id: one for one in engagement.papers}
    found = []
    for contract in contracts_of(engagement):
        paper = recorded.get(contract.paper_id)
        found.append(
            Agreed(
                contract,
                probation_until=paper.probation_until if paper else None,
                pay=_yuan(paper.pay if paper else None),
                probation_pay=_yuan(paper.probation_pay if paper else None),
                post=paper.post if paper else None,
                post_until=paper.post_until if paper else None,
                dispatched=engagement.dispatched,
                part_time=engagement.by_the_hour,
            )
        )
    return found


def _yuan(amount: Any) -> Decimal | None:
    return None if amount is None else Decimal(amount)


async def remind(engagement_id: str, ends_on: dt.date, tx: Transaction) -> None:
    """Say that a fixed term's last day is near, where it still is that day."""
    await _step(engagement_id, ends_on, "remind", tx)


async def lapse(engagement_id: str, ends_on: dt.date, tx: Transaction) -> None:
    """Say that a fixed term is over and the work goes on, where it does."""
    await _step(engagement_id, ends_on, "lapse", tx)


async def _step(engagement_id: str, ends_on: dt.date, step: rules.Event, tx: Transaction) -> None:
    engagement = await Engagement.of(engagement_id, tx)
    if engagement is None or engagement.term.ends_on != ends_on:
        return
    if not rules.STATES.allows(engagement.term.state, step):
        return
    engagement.term.state = rules.STATES.next(engagement.term.state, step)
    tx.publish(_event(AgreementExpiring, engagement) if step == "remind" else _event(AgreementExpired, engagement))
    await engagement.put(tx)


def contracts_of(engagement: Engagement) -> list[Contract]:
    """Every paper on file of which the term is known; what the platform declares runs from the first day of work, or from the end of
    the term before."""
    found = [
        Contract(
            paper_id=one.paper_id,
            kind=one.kind,
            number=one.number,
            signed_on=one.signed_on,
            term=one.term,
            starts_on=one.starts_on or one.signed_on,
            ends_on=one.ends_on if one.term == "fixed" else None,
            asked_fixed=one.asked_fixed,
        )
        for one in engagement.papers
        if one.term is not None
    ]
    declared = engagement.agreement
    if declared is not None and (declared.term or declared.ends_on) is not None:
        found.append(_declared(engagement, declared, found))
    return found


def current(engagement: Engagement) -> Contract | None:
    """The paper whose term counts today; None where the term is not known."""
    orally: PaperKind | None = (
        "contract" if engagement.relation == "employment" else None
    )  # part time may be written all the same
    return rules.current(contracts_of(engagement), engagement.duty.kind or orally)


def law_of(engagement: Engagement, day: dt.date | None = None) -> Law:
    """The law of a day, today where none is given, in the engagement's scope."""
    return parameters.on(
        day or shanghai_date(clock.now()),
        place=engagement.district,
        industry=engagement.industry,
        platform=engagement.platform,
        footing=engagement.relation,
    )


def _declared(engagement: Engagement, paper: Paper, others: list[Contract]) -> Contract:
    term = paper.term or "fixed"
    ends_on = paper.ends_on if term == "fixed" else None
    before = [
        one.ends_on for one in others if one.kind == paper.kind and one.signed_on < paper.signed_on and one.ends_on
    ]
    starts_on = max(before) + dt.timedelta(days=1) if before else engagement.started_on
    return Contract(engagement.declared_paper_id, paper.kind, paper.number, paper.signed_on, term, starts_on, ends_on)


def _schedule(engagement: Engagement, ends_on: dt.date, tx: Transaction) -> None:
    now, last = clock.now(), LastDay(ends_on)
    warning = law_of(engagement).days("contract.expiry_reminder_days")
    over = end_of_day(ends_on)
    if over > now:  # a reminder that is late is still worth something
        tx.schedule(NEAR, engagement.id, max(start_of_day(ends_on - dt.timedelta(days=warning)), now), last)
    else:
        tx.cancel(NEAR, engagement.id)
    tx.schedule(OVER, engagement.id, max(over, now + FACTS_STILL_COME), last)


def _event(kind: type[E], engagement: Engagement) -> E:
    contract = current(engagement)
    assert contract is not None
    assert contract.ends_on is not None
    return kind(
        engagement_id=engagement.id,
        worker_id=engagement.worker_id,
        platform=engagement.platform,
        district=engagement.district,
        relation=engagement.relation,
        kind=contract.kind,
        agreement_id=contract.paper_id,
        number=contract.number,
        ends_on=contract.ends_on,
        next_is_open=contract.kind == "contract"
        and rules.next_is_open(contracts_of(engagement), engagement.started_on, law_of(engagement)),
    )
