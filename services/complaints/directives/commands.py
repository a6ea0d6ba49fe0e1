"""Order to put right, serve, extend, check, and withdraw; each step in the transaction of what it changes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from services.complaints.cases.documents import NAME, PHONE, Case
from services.complaints.directives import events, rules
from services.complaints.directives.closing import DUE, NEAR, close, today
from services.complaints.directives.dispute_commands import check_not_elsewhere
from services.complaints.directives.documents import (
    Check,
    Demand,
    Directive,
    ExtensionAsked,
    Owed,
    clear,
    encrypted_text,
)
from services.complaints.directives.rules import Move, OriginKind, Violation
from services.complaints.officers.documents import Officer
from services.complaints.parties.documents import Engagement
from services.complaints.terms import commands as terms
from services.complaints.terms.commands import About
from services.complaints.terms.rules import Length
from shared import clock
from shared.contracts.complaints import Category
from shared.errors import Conflict, RuleBroken
from shared.ids import readable_number
from shared.policy.calendar import end_of_day, share_passed, start_of_day
from shared.policy.parameters import Law, parameters
from shared.storage.encryption import decrypt_field
from shared.storage.kinds import TimerKind
from shared.storage.provisional import Stored, from_day
from shared.storage.transaction import Transaction

CALENDAR = TimerKind("complaints.directive_calendar")
STORED = Stored(CALENDAR, Directive, from_day("due_on"))
STEP = "put_right"


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """What an order arises from, checked to be within the officer's reach. `names`: what would show who reported."""

    kind: OriginKind
    id: str | None
    root: str
    circle: Category | None = None
    protected: bool = False
    names: Sequence[str] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What is ordered: by article and text, what persons are owed (yuan), and within how many days of its service.

    `issued_on`: the day of one that was drawn up on paper before it is recorded here.
    """

    enterprise: str
    district: str
    violation: Violation
    demands: Sequence[tuple[str, str]]
    owed: Sequence[tuple[str, Decimal]]
    days: int
    issued_on: dt.date | None = None


def names_in(case: Case) -> list[str]:
    """What no text for the enterprise may hold: who reported, and the case's number."""
    kept = ((NAME, case.reporter.name), (PHONE, case.reporter.phone))
    told = [decrypt_field(field, case.id, value) for field, value in kept if value is not None]
    return [name for name in (case.number, case.id, case.worker_id, *case.members, *told) if name]


async def case_behind(directive: Directive, tx: Transaction | None) -> Case | None:
    """The case that an order arose from, by whatever led from the one to the other."""
    kind, _, case_id = directive.root.partition(":")
    return await Case.of(case_id, tx) if kind == "case" else None


async def issue(directive_id: str, order: Order, origin: Origin, officer: Officer, tx: Transaction) -> Directive:
    """Draw an order up; its term is set once it is served. What a protected report gave rise to names nobody who is owed."""
    issued_on = order.issued_on or today()
    law = parameters.on(issued_on, place=order.district)
    rules.check_issued(issued_on, today(), law)
    rules.check_days(order.days, law)
    rules.check_once([worker_ref for worker_ref, _ in order.owed])
    rules.check_silence([part for demand in order.demands for part in demand], origin.names)
    refs = {worker_ref for worker_ref, _ in order.owed}
    await check_not_elsewhere(origin.root, order.enterprise, order.violation, refs, tx)
    if order.owed and (origin.protected or order.violation != "underpayment"):
        raise Conflict(
            "confidential",
            "该来源不得列明个人欠付金额",
            "sums by person are for pay, and not from a report in confidence",
        )
    directive = Directive(
        id=directive_id,
        number=readable_number("德责改", directive_id, issued_on),
        origin=origin.kind,
        origin_id=origin.id,
        root=origin.root,
        violation=order.violation,
        enterprise=order.enterprise,
        department=officer.department,
        district=order.district,
        circle=origin.circle,
        demands=[Demand(article=article, text=encrypted_text(directive_id, text)) for article, text in order.demands],
        owed=[Owed(worker_ref=worker_ref, amount=amount) for worker_ref, amount in order.owed],
        days=order.days,
        issued_on=issued_on,
        issued_by=officer.id,
        used=list(law.used),
    )
    return await directive.put(tx)


async def serve(directive: Directive, on: dt.date, by: str, officer: Officer, tx: Transaction) -> Directive:
    """Record how (`by`) and on which day an order was served: its term begins."""
    if not directive.drawn_up_on <= on <= today():
        raise RuleBroken("served-day", "送达日期有误", "the day is before the order or in the future")
    _move(directive, "serve")
    refs = {one.worker_ref for one in directive.ordered}
    await check_not_elsewhere(directive.root, directive.enterprise, directive.violation, refs, tx)
    about = About(
        kind="directive", id=directive.id, number=directive.number, department=directive.department,
        district=directive.district, officer=officer.id,
    )  # fmt: skip
    length = Length(directive.days, "days")
    term = await terms.set_term(about, STEP, length, begun_on=on, rests_on="served", used=directive.used, tx=tx)
    directive.served_on, directive.served_by, directive.due_on = on, by, term.due
    _await(directive, term.begun_on, tx)
    tx.publish(events.served(directive))
    for owed in directive.ordered:
        if worker_id := await Engagement.worker_behind(directive.enterprise, owed.worker_ref, tx):
            tx.publish(events.pay_ordered(directive, owed, worker_id))
    return await directive.put(tx)


async def ask_extension(directive: Directive, days: int, reason: str, officer: Officer, tx: Transaction) -> Directive:
    """Propose a longer term; another officer approves it."""
    rules.STATES.next(directive.state, "extend")
    rules.check_days(days, _law(directive))
    directive.extension = ExtensionAsked(days=days, reason=encrypted_text(directive.id, reason), by=officer.id)
    return await directive.put(tx)


async def extend(directive: Directive, reason: str, officer: Officer, tx: Transaction) -> Directive:
    """Approve the extension that was asked for, as another officer."""
    asked = directive.extension
    if asked is None:
        raise Conflict("nothing-asked", "没有待审批的延期", "no extension waits")
    _another(asked.by, officer)
    _move(directive, "extend")
    law = _law(directive)
    rules.check_days(asked.days, law)
    term = await terms.extend(
        "directive", directive.id, STEP, asked.days, approved_by=officer.id, on=today(), reason=reason,
        used=law.used, tx=tx,
    )  # fmt: skip
    directive.due_on, directive.extension = term.due, None
    _await(directive, term.begun_on, tx)
    tx.publish(events.served(directive))
    return await directive.put(tx)


async def answer(directive: Directive, text: str, tx: Transaction) -> Directive:
    """Take what the enterprise says of how it put things right, beside what it said before; files go with it as evidence."""
    _move(directive, "hand_in")
    directive.answer = encrypted_text(directive.id, rules.with_more(clear(directive.id, directive.answer), text))
    return await directive.put(tx)


async def check(directive: Directive, met: bool, note: str, officer: Officer, tx: Transaction) -> Directive:
    """Record whether an order is met, as the first of two officers."""
    assert directive.due_on is not None or directive.state == "issued"
    if directive.due_on is not None:
        rules.check_unmet(met, directive.due_on, today())
    _move(directive, "check")
    directive.check = Check(met=met, note=encrypted_text(directive.id, note), by=officer.id)
    return await directive.put(tx)


async def confirm(directive: Directive, agrees: bool, officer: Officer, tx: Transaction) -> Directive:
    """Confirm what the first officer found, or send it back, as another officer."""
    found = directive.check
    if found is None:
        raise Conflict("nothing-checked", "尚未核查", "nobody has checked it")
    _another(found.by, officer)
    if not agrees:
        _move(directive, "reject_late" if directive.passed else "reject")
        directive.check = None
        return await directive.put(tx)
    _move(directive, "confirm_met" if found.met else "confirm_unmet")
    found.confirmed_by = officer.id
    if found.met:
        await terms.meet("directive", directive.id, STEP, today(), tx)
    else:
        directive.passed = True  # also where the timer of its last day comes later than the officers
    await close(directive, "met" if found.met else "unmet", tx)
    return await directive.put(tx)


async def add_compensation(directive: Directive, percent: int, officer: Officer, tx: Transaction) -> Directive:
    """Add compensation to what is still owed after the term (劳动保障监察条例 art. 26), as another officer than who ordered; the
    enterprise and those who are owed it are told."""
    if directive.state not in rules.BREACHED or not directive.ordered:
        raise Conflict(
            "not-breached", "仅逾期不支付的可加付赔偿金", "compensation follows an order to pay that ran out"
        )
    _another(directive.issued_by, officer)
    law = _law(directive)
    added = rules.compensation(directive.amounts, Decimal(percent), law)
    if [one.added for one in directive.ordered] == added:
        raise Conflict("added-already", "已按该比例责令加付赔偿金", "so much was added already")
    directive.percent = percent
    tx.publish(events.compensation_ordered(directive, percent, rules.total(added)))
    for one, more in zip(directive.ordered, added, strict=True):
        one.added = more
        if worker_id := await Engagement.worker_behind(directive.enterprise, one.worker_ref, tx):
            tx.publish(events.compensation_owed(directive, more, worker_id))
    directive.used += [one for one in law.used if one not in directive.used]
    return await directive.put(tx)


async def withdraw(directive: Directive, reason: str, officer: Officer, tx: Transaction) -> Directive:
    """Withdraw an order, as another officer than who drew it up. Raises Conflict where the enterprise is listed upon it: that is
    revoked first."""
    _another(directive.issued_by, officer)
    if directive.listings:
        raise Conflict(
            "listing-stands",
            "已据此列入名单或者向社会公布，应先撤销列入",
            "the enterprise is listed upon this order: revoke that first",
            listings=directive.listings,
        )
    _move(directive, "withdraw")
    directive.withdrawn_for = encrypted_text(directive.id, reason)
    await close(directive, "withdrawn", tx)
    return await directive.put(tx)


async def recalculate(directive_id: str, tx: Transaction) -> None:
    """Let the last day of an order follow its term, where the days off have been published that it rests on."""
    directive = await Directive.of(directive_id, tx)
    term = await terms.open_term("directive", directive_id, STEP, tx)
    if directive is None or term is None or directive.passed or directive.due_on in (None, term.due):
        return
    directive.due_on = term.due
    _await(directive, term.begun_on, tx)
    await directive.put(tx)


async def remind(directive_id: str, tx: Transaction) -> None:
    """Say that the term of an order is over soon, where nobody has found that it is met."""
    directive = await Directive.of(directive_id, tx)
    if directive is None or directive.passed or not rules.STATES.allows(directive.state, "pass"):
        return
    if directive.due_on is not None and directive.due_on >= today():
        tx.publish(events.due_near(directive))


async def lapse(directive_id: str, tx: Transaction) -> None:
    """Let the term of an order pass: it is told, and what follows is for officers."""
    directive = await Directive.of(directive_id, tx)
    if directive is None or directive.passed or not rules.STATES.allows(directive.state, "pass"):
        return
    term = await terms.open_term("directive", directive_id, STEP, tx)
    if term is not None and term.due >= today():
        directive.due_on = term.due
        tx.schedule(DUE, directive_id, end_of_day(term.due))
        await directive.put(tx)
        return
    _move(directive, "pass")
    directive.passed = True
    tx.publish(events.overdue(directive))
    await directive.put(tx)


def _await(directive: Directive, begun_on: dt.date, tx: Transaction) -> None:
    """Set the timers before the last day of an order, and at its end."""
    assert directive.due_on is not None
    near = start_of_day(share_passed(begun_on, directive.due_on, _law(directive).number("terms.warn_percent")))
    if near > clock.now():
        tx.schedule(NEAR, directive.id, near)
    tx.schedule(DUE, directive.id, end_of_day(directive.due_on))


def _another(by: str, officer: Officer) -> None:
    if by == officer.id:
        raise Conflict("same-officer", "应由另一名人员办理", "this is for another officer")


def _move(directive: Directive, move: Move) -> None:
    directive.state = rules.STATES.next(directive.state, move)


def _law(directive: Directive) -> Law:
    return parameters.on(today(), place=directive.district)
