"""Open a dispute, take its steps, and let happen what happens when a term is over."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final

from services.complaints.cases.documents import Case
from services.complaints.disputes import events, limitation, rules
from services.complaints.disputes.documents import (
    Claim,
    Dispute,
    DisputeClaim,
    Entry,
    Handover,
    Interval,
    encrypted_entry,
    encrypted_text,
)
from services.complaints.disputes.limitation import Ground
from services.complaints.disputes.rules import ClaimKind, Move, Side, State, Step
from services.complaints.evidence.documents import Evidence
from services.complaints.terms import commands as terms
from services.complaints.terms.commands import About
from services.complaints.terms.rules import Length
from shared import clock
from shared.contracts.base import Fact
from shared.contracts.complaints import Category, Forum
from shared.contracts.platform import Relation
from shared.errors import Conflict, NotFound, RuleBroken
from shared.ids import new_id, readable_number
from shared.policy import calendar
from shared.policy.calendar import end_of_day, shanghai_date, start_of_day
from shared.policy.parameters import Law, parameters
from shared.storage.kinds import TimerKind
from shared.storage.taken import AlreadyTaken
from shared.storage.transaction import Transaction

LAPSE = TimerKind("complaints.dispute_lapse")
"""The timer at which what a dispute waits for is over."""
LIMITATION = TimerKind("complaints.dispute_limitation")
"""The timer at which the worker is warned that a limitation ends."""
MOST_WORKERS: Final = 500
_DONE: Final[Mapping[Move, Step]] = {
    "fail": "mediate", "accept": "accept", "refuse": "accept", "award": "award", "award_finally": "award",
}  # fmt: skip
"""The term that a step meets."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Claiming:
    """A claim as somebody makes it."""

    kind: ClaimKind
    known_on: dt.date
    amount: Decimal | None = None
    iou: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """A grievance as a worker puts it. `enterprises`: the platform first, and partners or the dispatching firm beside it (art. 22);
    `raised_on`: the day on which the enterprise got the grievance, where it was put to it before."""

    enterprises: Sequence[str]
    relation: Relation
    relation_ended_on: dt.date | None
    category: Category
    district: str
    case_id: str | None
    text: str
    claims: Sequence[Claiming]
    raised_on: dt.date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Taking:
    """A step as somebody takes it. `on`: the day of it, which an officer may record later; `forum`: the body that is asked;
    `due_on`: until when an agreement is to be performed, or when the hearing is; `awards`: yuan by claim; `final`: what an
    award says of itself; `served`: when the parties got it; `clear`, `hardship`: the conditions of execution in advance (art. 44)."""

    step: Move
    on: dt.date | None = None
    text: str | None = None
    forum: Forum | None = None
    due_on: dt.date | None = None
    awards: Mapping[str, Decimal | None] = field(default_factory=dict)
    final: bool | None = None
    served: Mapping[Side, dt.date] = field(default_factory=dict)
    clear: bool = False
    hardship: bool = False


async def open_dispute(opening: Opening, worker_id: str, tx: Transaction) -> Dispute:
    """Put a worker's grievance to the enterprise, and begin its term; it interrupts the limitation."""
    dispute_id, today = new_id(), _today()
    law = parameters.on(today, place=opening.district)
    if opening.case_id is not None:
        case = await Case.of(opening.case_id, tx)
        if case is None or case.worker_id != worker_id:
            raise NotFound("该投诉", "the case")
    raised_on = opening.raised_on or today
    if raised_on > today:
        raise RuleBroken("raised-in-future", "申诉日期不能晚于今天", "a grievance cannot be put after today")
    due = calendar.add_days(raised_on, law.days("dispute.grievance_days")).due
    dispute = Dispute(
        id=dispute_id,
        number=readable_number("德劳争", dispute_id, today),
        matter=f"dispute:{dispute_id}",
        workers=[worker_id],
        enterprises=list(dict.fromkeys(opening.enterprises)),
        relation=opening.relation,
        relation_ended_on=opening.relation_ended_on,
        category=opening.category,
        district=opening.district,
        case_id=opening.case_id,
        text=encrypted_text(dispute_id, opening.text),
        claims=_claims(opening.claims, worker_id, 0, today),
        department=rules.department(None, law),
        opened_on=today,
        stepped_on=raised_on,
        due_on=due,
        used=[],
    )
    dispute.facts.append(Interval(ground="claimed_of_other_side", first=raised_on))
    _limit(dispute, law)
    _keep(dispute, law)
    _wait(dispute, tx)
    _warn(dispute, tx)
    _publish(events.opened(dispute, due), tx)
    return await dispute.put(tx)


async def join(number: str, claims: Sequence[Claiming], worker_id: str, tx: Transaction) -> Dispute:
    """Add a worker with the same cause to a dispute, by its number, before a body decides on it."""
    dispute = await tx.find_one(Dispute, {"number": number})
    if dispute is None or dispute.state not in rules.EARLY:
        raise NotFound("可以加入的争议", "a dispute to join")
    if worker_id in dispute.workers or len(dispute.workers) >= MOST_WORKERS:
        raise Conflict(
            "joined-already", "您已加入该争议，或者人数已满", "the worker has joined already, or there are too many"
        )
    today = _today()
    dispute.workers.append(worker_id)
    dispute.claims += _claims(claims, worker_id, len(dispute.claims), today)
    _limit(dispute, _law(dispute))
    _warn(dispute, tx)
    return await dispute.put(tx)


async def choose(dispute: Dispute, representatives: Collection[str], tx: Transaction) -> Dispute:
    """Record whom ten or more workers have chosen to act for them (art. 7)."""
    if not rules.group(len(dispute.workers), _law(dispute)):
        raise RuleBroken(
            "no-group", "劳动者一方不足十人，不适用推举代表", "fewer than ten workers choose no representatives"
        )
    if not representatives or not set(representatives) <= set(dispute.workers):
        raise RuleBroken("not-a-party", "代表应当是该争议的劳动者", "representatives are workers of the dispute")
    dispute.representatives = sorted(set(representatives))
    return await dispute.put(tx)


async def record_fact(
    dispute: Dispute, ground: Ground, first: dt.date, last: dt.date | None, tx: Transaction
) -> Dispute:
    """Record what interrupts or suspends the limitation, and reckon it again."""
    if first > _today() or (last is not None and last < first):
        raise RuleBroken("fact-day", "日期有误", "the days are not right")
    dispute.facts.append(Interval(ground=ground, first=first, last=last))
    _limit(dispute, _law(dispute))
    _warn(dispute, tx)
    return await dispute.put(tx)


async def take(dispute: Dispute, taking: Taking, side: Side, by: str, tx: Transaction) -> Dispute:
    """Take a step; raises where this side may not, now or at all."""
    rules.check_side(dispute.state, taking.step, side)
    on = taking.on or _today()
    dated = side == "forum" or taking.step in rules.DATED_BY_PARTIES
    if not dispute.stepped_on <= on <= _today() or not (dated or on == _today()):
        raise RuleBroken("step-day", "办理日期有误", "the day is before the last step or in the future")
    law, before = _law(dispute), dispute.state
    move = _meant(dispute, taking, side, law)
    rules.STATES.next(before, move)
    await _check(dispute, taking, side, on, law, tx)
    if move == "award_part":
        await _award_part(dispute, taking, on, by, law, tx)
    elif move in ("award", "award_finally"):
        _award(dispute, taking, on, law, final=move == "award_finally")
    elif move in ("consent", "ask_confirmation"):
        dispute.consents = [*dispute.consents, side]
    dispute.entries.append(Entry(on=on, step=move, side=side, by=by, text=encrypted_entry(dispute.id, taking.text)))
    await _go(dispute, move, taking, on, law, tx)
    if move in ("award", "award_finally"):
        _publish(events.awarded(dispute), tx)
    else:
        _publish(events.stepped(dispute, move, before), tx)
    return await dispute.put(tx)


async def lapse(dispute_id: str, tx: Transaction) -> None:
    """Let happen what follows where a term is over: the way is open, a right to sue begins, or an award takes effect."""
    dispute = await Dispute.of(dispute_id, tx)
    if dispute is None or dispute.due_on is None or _today() <= dispute.due_on:
        return
    before = dispute.state
    if before in ("filed", "arbitration"):
        if not dispute.overdue:
            dispute.overdue = True
            _publish(events.overdue(dispute, "accept" if before == "filed" else "award"), tx)
            await dispute.put(tx)
        return
    if not rules.STATES.allows(before, "lapse"):
        return
    on = dispute.due_on + dt.timedelta(days=1)
    dispute.entries.append(Entry(on=on, step="lapse", side=None, by=None))
    await _go(dispute, "lapse", Taking(step="lapse"), on, _law(dispute), tx)
    _publish(events.stepped(dispute, "lapse", before), tx)
    await dispute.put(tx)


async def warn(dispute_id: str, tx: Transaction) -> None:
    """Warn the workers that a limitation ends, once for each of the days before it."""
    dispute = await Dispute.of(dispute_id, tx)
    if dispute is None or dispute.limitation_on is None or not _limited(dispute.state):
        return
    left = (dispute.limitation_on - _today()).days
    passed = [
        mark for days in _warning_days(dispute) if left <= days and (mark := _mark(dispute, days)) not in dispute.warned
    ]
    if passed and left >= 0:
        dispute.warned += passed
        _publish(events.limitation_near(dispute, dispute.limitation_on), tx)
    _warn(dispute, tx)
    await dispute.put(tx)


async def merge_worker(worker_id: str, merged_worker_id: str, tx: Transaction) -> None:
    """Give a person's disputes to the record that has taken the other's place, with the claims that these hold.

    Where both records have one claim decided on, the dispute is marked for an officer, and the claim stays where it was first.
    """
    for dispute in await tx.find(Dispute, {"workers": merged_worker_id}):
        held = await _release(dispute, tx)
        dispute.workers = list(dict.fromkeys(_renamed(dispute.workers, merged_worker_id, worker_id)))
        dispute.representatives = list(dict.fromkeys(_renamed(dispute.representatives, merged_worker_id, worker_id)))
        for claim in dispute.claims:
            claim.worker_id = worker_id if claim.worker_id == merged_worker_id else claim.worker_id
        if held:
            for key in rules.claim_keys(dispute.claimed, dispute.enterprises):
                try:
                    await DisputeClaim.take(key, dispute.id, tx)
                except AlreadyTaken:
                    dispute.doubled = True
        await dispute.put(tx)


async def erase_worker(worker_id: str, tx: Transaction) -> None:
    """What identifies the person goes from their disputes, what they wrote with it, but for those that are being decided."""
    for dispute in await tx.find(Dispute, {"workers": worker_id}):
        if dispute.state in rules.DECIDING:
            continue
        await _release(dispute, tx)
        dispute.workers = [one for one in dispute.workers if one != worker_id]
        dispute.representatives = [one for one in dispute.representatives if one != worker_id]
        for claim in dispute.claims:
            claim.worker_id = "" if claim.worker_id == worker_id else claim.worker_id
        for entry in dispute.entries:
            if entry.side == "worker":
                entry.text, entry.by = None, None
        if not dispute.workers:
            dispute.text = encrypted_text(dispute.id, "（劳动者信息已按规定删除）")
            tx.cancel(LAPSE, dispute.id)
            tx.cancel(LIMITATION, dispute.id)
        await dispute.put(tx)


def _renamed(ids: Collection[str], old: str, new: str) -> list[str]:
    return [new if one == old else one for one in ids]


def _claims(claims: Sequence[Claiming], worker_id: str, so_far: int, today: dt.date) -> list[Claim]:
    if any(one.known_on > today for one in claims):
        raise RuleBroken("known-in-future", "知道权利被侵害之日不能晚于今天", "it cannot be known after today")
    return [
        Claim(
            id=str(so_far + place),
            worker_id=worker_id,
            kind=one.kind,
            known_on=one.known_on,
            amount=one.amount,
            iou=one.iou,
        )
        for place, one in enumerate(claims, start=1)
    ]


def _meant(dispute: Dispute, taking: Taking, side: Side, law: Law) -> Move:
    """The move that a step is: some depend on what came before."""
    in_court = dispute.state in ("court_filed", "court")
    match taking.step:
        case "leave" | "refuse" if in_court:
            return rules.left_by(taking.step, after=dispute.after)
        case "ask_confirmation" if not {"worker", "enterprise"} <= {*dispute.consents, side}:
            return "consent"
        case "award":
            _put_amounts(dispute.claims, taking)
            found = rules.finality(dispute.claimed, law)
            final = found.final if taking.final is None else taking.final
            if final is None:
                raise RuleBroken("finality-unknown", "请注明裁决是否为终局裁决", "say whether the award is final")
            dispute.finality = list(found.reasons)
            return "award_finally" if final else "award"
        case step:
            return step


async def _check(dispute: Dispute, taking: Taking, side: Side, on: dt.date, law: Law, tx: Transaction) -> None:
    match taking.step:
        case "mediate":
            if taking.forum not in rules.MEDIATORS:
                raise RuleBroken("no-forum", "请选择调解组织", "say which body is to mediate")
        case "apply":
            rules.check_arbitration(dispute.relation, [one.kind for one in dispute.claims])
            await _check_inspection(dispute, tx)
        case "sue":
            rules.check_suit(
                dispute.state,
                side,
                dispute.relation,
                dispute.claimed,
                today=_today(),
                due=dispute.due_on,
                sue_by=dispute.sue_by,
                direct=dispute.direct,
            )
            if dispute.state not in rules.DECIDING:
                await _check_inspection(dispute, tx)
        case "ask_to_set_aside":
            if dispute.set_aside_by is None or _today() > dispute.set_aside_by:
                raise Conflict("set-aside-late", "申请撤销裁决的期限已届满", "the term to have it set aside is over")
        case "ask_confirmation":
            if taking.forum not in ("arbitration", "court") or dispute.confirm_by is None:
                raise RuleBroken("no-forum", "请选择仲裁审查或者司法确认", "say who is to confirm the agreement")
            if _today() > dispute.confirm_by:
                raise Conflict("confirmation-late", "申请司法确认的期限已届满", "the term to have it confirmed is over")
        case "ask_payment_order":
            rules.check_payment_order(dispute.claimed)
        case "advance":
            chosen = [claim.claimed for claim in dispute.claims if claim.id in taking.awards]
            rules.check_advance(chosen, clear=taking.clear, hardship=taking.hardship)
        case "set_hearing":
            if taking.due_on is None:
                raise RuleBroken("no-day", "请填写开庭日期", "say when the hearing is")
            rules.check_hearing(taking.due_on, on, law)
        case _:
            pass


async def _check_inspection(dispute: Dispute, tx: Transaction) -> None:
    """Raise Conflict while labour inspection looks into the same matter (劳动保障监察条例 art. 21)."""
    case = None if dispute.case_id is None else await Case.of(dispute.case_id, tx)
    if case is not None and case.state in ("accepted", "concluded"):
        raise Conflict("inspection-runs", "该事项正由劳动保障监察办理", "labour inspection looks into the same matter")


async def _go(dispute: Dispute, move: Move, taking: Taking, on: dt.date, law: Law, tx: Transaction) -> None:
    """Move a dispute on: its forum, its terms, its claims, its limitation."""
    before, dispute.state = dispute.state, rules.STATES.next(dispute.state, move)
    dispute.stepped_on = on
    if move in rules.INTERRUPTS:
        dispute.facts.append(Interval(ground=rules.INTERRUPTS[move], first=on))
    if before == dispute.state == "arbitration":
        await _within_arbitration(dispute, move, taking, on, law, tx)
    elif before != dispute.state:
        await _hold(dispute, tx)
        if move == "settle":
            await _met(dispute, "mediate", on, tx)
            await _met(dispute, "award", on, tx)
        await _hand_over(dispute, taking.forum, on, law, tx)
        await _begin(dispute, move, taking, on, law, tx)
    _wait(dispute, tx)
    _limit(dispute, law)
    _warn(dispute, tx)
    _keep(dispute, law)


async def _within_arbitration(
    dispute: Dispute, move: Move, taking: Taking, on: dt.date, law: Law, tx: Transaction
) -> None:
    """What a step of arbitration does to its terms (art. 30, 32, 35, 43)."""
    match move:
        case "serve":
            await _met(dispute, "serve", on, tx)
            await _set(dispute, "defence", on, "served", law, tx)
        case "defend":
            await _met(dispute, "defence", on, tx)
            await _set(dispute, "copy_defence", on, "defence", law, tx)
        case "copy_defence":
            await _met(dispute, "copy_defence", on, tx)
        case "name_panel":
            await _met(dispute, "panel", on, tx)
        case "set_hearing":
            dispute.hearing_on = taking.due_on
        case "extend":
            term = await terms.extend(
                "dispute",
                dispute.id,
                "award",
                law.days("arbitration.award_extension_days"),
                approved_by=dispute.entries[-1].by or "",
                on=on,
                reason=taking.text or "案情复杂",
                used=law.used,
                tx=tx,
            )
            dispute.due_on = term.due
        case "pause":
            await terms.pause("dispute", dispute.id, "award", on, taking.text or "依法扣除期间", tx)
            dispute.due_on = None
        case "resume":
            dispute.due_on = (await terms.resume("dispute", dispute.id, "award", on, tx)).due
        case "advance":
            _put_amounts([claim for claim in dispute.claims if claim.id in taking.awards], taking)
        case _:
            pass


async def _begin(dispute: Dispute, move: Move, taking: Taking, on: dt.date, law: Law, tx: Transaction) -> None:
    """What a dispute waits for in its new state, and until when."""
    if (done := _DONE.get(move)) is not None:
        await _met(dispute, done, on, tx)
    await terms.end("dispute", dispute.id, tx)
    dispute.due_on, dispute.overdue = None, False
    match dispute.state:
        case "negotiation":
            dispute.due_on = calendar.add_days(on, law.days("dispute.negotiation_days")).due
        case "mediation":
            dispute.due_on = await _set(dispute, "mediate", on, "asked_to_mediate", law, tx)
        case "agreed":
            if taking.due_on is None or taking.due_on < on:
                raise RuleBroken("no-day", "请填写协议的履行期限", "say until when the agreement is to be performed")
            dispute.perform_by, dispute.consents = taking.due_on, []
            dispute.confirm_by = rules.confirm_by(on, law).due
        case "breached":
            only_pay = all(claim.kind == "pay" for claim in dispute.claims)
            dispute.direct = dispute.direct or move == "end_order" or (only_pay and dispute.forum is not None)
        case "open" if move == "deny":
            dispute.direct = True
        case "filed":
            dispute.due_on = await _set(dispute, "accept", on, "applied", law, tx)
        case "arbitration":
            await _set(dispute, "serve", on, "accepted", law, tx)
            await _set(dispute, "panel", on, "accepted", law, tx)
            dispute.due_on = await _set(dispute, "award", on, "accepted", law, tx)
        case "awarded":
            dispute.due_on = max(dispute.sue_by.values())
        case "awarded_finally":
            if move == "leave_final":
                dispute.sue_by, dispute.set_aside_by = {}, rules.set_aside_by(on, law).due
            assert dispute.set_aside_by is not None
            dispute.due_on = max(dispute.set_aside_by, *dispute.sue_by.values())
        case "set_aside":
            last = rules.sue_by(on, law).due
            dispute.sue_by, dispute.due_on = {"worker": last, "enterprise": last}, last
        case _:
            pass


def _award(dispute: Dispute, taking: Taking, on: dt.date, law: Law, *, final: bool) -> None:
    """Keep until when each party may do what against an award, from when it was served on them."""
    worker_on, enterprise_on = taking.served.get("worker", on), taking.served.get("enterprise", on)
    if min(worker_on, enterprise_on) < on:
        raise RuleBroken("served-before", "送达日期不能早于裁决日期", "an award is served after it is made")
    dispute.after = "final" if final else "other"
    dispute.sue_by = {"worker": rules.sue_by(worker_on, law).due}
    dispute.set_aside_by = rules.set_aside_by(enterprise_on, law).due if final else None
    if not final:
        dispute.sue_by["enterprise"] = rules.sue_by(enterprise_on, law).due


async def _award_part(dispute: Dispute, taking: Taking, on: dt.date, by: str, law: Law, tx: Transaction) -> None:
    """Split off the claims that are clear already, and award on them (art. 43)."""
    chosen = [claim for claim in dispute.claims if claim.id in taking.awards]
    if not chosen or len(chosen) == len(dispute.claims):
        raise RuleBroken("not-a-part", "先行裁决应针对部分请求", "an award in part is on some of the claims")
    own_id = new_id()
    part = dispute.split(own_id, readable_number("德劳争", own_id, on), chosen)
    for key in rules.claim_keys(part.claimed, part.enterprises):
        held = await DisputeClaim.of(key, tx)
        if held is not None and held.holder == dispute.id:
            held.holder = part.id
            await held.put(tx)
    award = Taking(
        step="award", on=on, text=taking.text, awards=taking.awards, final=taking.final, served=taking.served
    )
    await take(part, award, "forum", by, tx)


def _put_amounts(claims: Sequence[Claim], taking: Taking) -> None:
    for claim in claims:
        if claim.id not in taking.awards:
            raise RuleBroken("claim-without-award", "请逐项填写裁决结果", "an award says something on each claim")
        claim.awarded = taking.awards[claim.id]


async def _hold(dispute: Dispute, tx: Transaction) -> None:
    """Let the claims be decided here alone; raises Conflict where they are elsewhere."""
    held = rules.hold(dispute.state)
    if held == "give_up":
        await _release(dispute, tx)
    elif held == "take":
        for key in rules.claim_keys(dispute.claimed, dispute.enterprises):
            try:
                await DisputeClaim.take(key, dispute.id, tx)
            except AlreadyTaken as taken:
                raise Conflict(
                    "claim-elsewhere",
                    "同一请求已在另一争议中申请仲裁或者起诉",
                    "the claim is in a deciding procedure of another dispute",
                    dispute_id=taken.holder,
                ) from None


async def _release(dispute: Dispute, tx: Transaction) -> bool:
    """Give the claims free that this dispute holds; whether it held any."""
    held = False
    for key in rules.claim_keys(dispute.claimed, dispute.enterprises):
        known = await DisputeClaim.of(key, tx)
        held = held or (known is not None and known.holder == dispute.id)
        await DisputeClaim.give_up(key, dispute.id, tx)
    return held


async def _hand_over(dispute: Dispute, asked: Forum | None, on: dt.date, law: Law, tx: Transaction) -> None:
    """Give the file to the body that has it now: its officers read it, with the evidence; one that only mediated reads it no more."""
    forum = _forum(dispute, asked)
    if forum == dispute.forum:
        return
    dispute.forum, dispute.department = forum, rules.department(forum, law)
    decided = [rules.department(one.forum, law) for one in dispute.handed if one.state in rules.DECIDING]
    if forum is not None:
        evidence = await tx.rows(Evidence, {"matter": dispute.matter}, {"_id": 1})
        dispute.handed.append(
            Handover(on=on, forum=forum, state=dispute.state, evidence=[str(row["_id"]) for row in evidence])
        )
        decided.insert(0, dispute.department)
    dispute.departments = list(dict.fromkeys(decided))


def _forum(dispute: Dispute, asked: Forum | None) -> Forum | None:
    if dispute.state in rules.FORUM_OF:
        return rules.FORUM_OF[dispute.state]
    if dispute.state in ("mediation", "confirming"):
        return asked
    return None if dispute.state in rules.EARLY else dispute.forum


def _wait(dispute: Dispute, tx: Transaction) -> None:
    """Set the timer of what a dispute waits for, or clear it."""
    if dispute.due_on is None or dispute.overdue:
        tx.cancel(LAPSE, dispute.id)
    else:
        tx.schedule(LAPSE, dispute.id, end_of_day(dispute.due_on))


def _limit(dispute: Dispute, law: Law) -> None:
    """Reckon when each claim's limitation ends, and the first of them."""
    facts = [one.happened for one in dispute.facts]
    for claim in dispute.claims:
        found = limitation.ends_on(
            claim.kind,
            dispute.relation,
            claim.known_on,
            facts,
            relation_ended_on=dispute.relation_ended_on,
            law=law,
        )
        claim.limitation_on = None if found is None else found.due
    dispute.limitation_on = min((one.limitation_on for one in dispute.claims if one.limitation_on), default=None)


def _limited(state: State) -> bool:
    """Whether a limitation runs: nothing decides, and nothing is decided."""
    return state in rules.EARLY or state in ("agreed", "breached", "refused")


def _warn(dispute: Dispute, tx: Transaction) -> None:
    """Set the timer of the next warning, or clear it."""
    days = [one for one in _warning_days(dispute) if _mark(dispute, one) not in dispute.warned]
    if dispute.limitation_on is None or not days or not _limited(dispute.state) or dispute.limitation_on < _today():
        tx.cancel(LIMITATION, dispute.id)
        return
    first = dispute.limitation_on - dt.timedelta(days=max(days))
    tx.schedule(LIMITATION, dispute.id, max(start_of_day(first), clock.now()))


def _warning_days(dispute: Dispute) -> list[int]:
    return sorted((int(one) for one in _law(dispute).texts("dispute.limitation_warning_days")), reverse=True)


def _mark(dispute: Dispute, days: int) -> str:
    return f"{dispute.limitation_on}:{days}"


async def _set(dispute: Dispute, step: Step, on: dt.date, rests_on: str, law: Law, tx: Transaction) -> dt.date:
    """Set the term of a step; its last day."""
    about = About(
        kind="dispute",
        id=dispute.id,
        number=dispute.number,
        department=dispute.department,
        district=dispute.district,
        officer=None,
    )
    length = Length(rules.term_days(step, law), "days")
    term = await terms.set_term(about, step, length, begun_on=on, rests_on=rests_on, used=law.used, tx=tx)
    return term.due


async def _met(dispute: Dispute, step: Step, on: dt.date, tx: Transaction) -> None:
    await terms.meet("dispute", dispute.id, step, on, tx)


def _keep(dispute: Dispute, law: Law) -> None:
    dispute.used += [one for one in law.used if one not in dispute.used]


def _publish(facts: Iterator[Fact], tx: Transaction) -> None:
    for fact in facts:
        tx.publish(fact)


def _law(dispute: Dispute) -> Law:
    return parameters.on(_today(), place=dispute.district)


def _today() -> dt.date:
    return shanghai_date(clock.now())
