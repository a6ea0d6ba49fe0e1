"""What every step on a penalty needs: its law and its day, the way from state to state, and what must be there before it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from decimal import Decimal

from services.complaints.cases import term_commands
from services.complaints.cases.documents import Case
from services.complaints.officers.rules import Matter
from services.complaints.penalties import debt_rules, rules
from services.complaints.penalties.debt_rules import Back
from services.complaints.penalties.decision_documents import Decided
from services.complaints.penalties.documents import Investigated, Notice, Penalty
from services.complaints.penalties.rules import Move
from services.complaints.terms import commands as terms
from services.complaints.terms.commands import About
from shared import clock
from shared.contracts.complaints import PenaltyFact
from shared.errors import Conflict
from shared.policy.calendar import shanghai_date
from shared.policy.parameters import Law, parameters
from shared.storage.transaction import Transaction


def matter_of(penalty: Penalty) -> Matter:
    return Matter(
        departments=[penalty.department],
        district=penalty.district,
        enterprise=penalty.enterprise,
        circle=penalty.circle,
    )


async def case_behind(penalty: Penalty, tx: Transaction | None) -> Case | None:
    return None if penalty.case_id is None else await Case.of(penalty.case_id, tx)


def about(penalty: Penalty) -> About:
    """The penalty as what terms are about."""
    return About(
        kind="penalty", id=penalty.id, number=penalty.number, department=penalty.department,
        district=penalty.district, officer=None if penalty.filed_by in penalty.away else penalty.filed_by,
        away=penalty.away,
    )  # fmt: skip


def investigators(penalty: Penalty) -> Collection[str]:
    """Who filed it, and who investigated."""
    found = [] if penalty.found is None else [penalty.found.by, *penalty.found.officers]
    return {penalty.filed_by, *found}


def notice(penalty: Penalty) -> Notice:
    if penalty.notice is None:
        raise Conflict("not-notified", "尚未告知当事人", "the enterprise was not told yet")
    return penalty.notice


def found(penalty: Penalty) -> Investigated:
    if penalty.found is None:
        raise Conflict("not-investigated", "尚未调查终结", "the investigation is not concluded")
    return penalty.found


def decided(penalty: Penalty) -> Decided:
    if penalty.decided is None:
        raise Conflict("not-decided", "尚未作出处罚决定", "nothing is decided")
    return penalty.decided


async def check_enterprise_first(penalty: Penalty, tx: Transaction) -> None:
    """Raise Conflict where a person would be punished before the enterprise whose act they answer for, or where the decision on
    that does not stand (社会保险法 art. 84: 对用人单位……对其直接负责的主管人员)."""
    enterprises = None if penalty.beside is None else await Penalty.of(penalty.beside, tx)
    if penalty.person is not None and (enterprises is None or enterprises.state not in rules.PUNISHED):
        raise Conflict(
            "enterprise-first",
            "对单位的处罚决定尚未作出或者已撤销，不得处罚责任人员",
            "the enterprise is decided on first, and that decision stands",
        )


async def over(penalty: Penalty, tx: Transaction) -> None:
    """Let the decision on the case that a penalty arose from have its time again: nothing is awaited of it any more."""
    case = await case_behind(penalty, tx)
    if case is not None:
        await term_commands.go_on(case, penalty.id, tx)


async def keep_out(penalty: Penalty, officer: str, tx: Transaction) -> Penalty:
    """Let an officer stay away from a penalty (行政处罚法 art. 43): the department hears of its terms where they had it in hand."""
    penalty.standing_back = [one for one in penalty.standing_back if one != officer]
    penalty.away = list(dict.fromkeys([*penalty.away, officer]))
    await terms.keep_away("penalty", penalty.id, officer, tx)
    if officer == penalty.filed_by:
        await terms.hand_over("penalty", penalty.id, None, tx)
    return await penalty.put(tx)


def tell(penalty: Penalty, fact: PenaltyFact, tx: Transaction) -> None:
    """Tell of a penalty on an enterprise. Of one on a person nothing is told: their papers are brought to them, and its terms tell
    the officers what is due (个人信息保护法 art. 6, 28; 行政处罚法 art. 50)."""
    if penalty.person is None:
        tx.publish(fact)


def day_of_debt(penalty: Penalty) -> dt.date:
    """The day of which the figures are: today, or that of the last payment where nothing is owed any more."""
    last = penalty.payments[-1].on if penalty.payments else None
    return today() if penalty.state in rules.OWED or last is None else last


def refund_apart(penalty: Penalty) -> Back:
    """What is still to be paid back of each sum."""
    return debt_rules.to_refund(penalty.account, day_of_debt(penalty))


def left_to_refund(penalty: Penalty) -> Decimal:
    """What is still to be paid back."""
    return refund_apart(penalty).total


def move(penalty: Penalty, by: Move) -> None:
    penalty.state = rules.STATES.next(penalty.state, by)


async def put(penalty: Penalty, law: Law, tx: Transaction) -> Penalty:
    """Store it, with the parameters that the step used."""
    keep_law(penalty, law)
    return await penalty.put(tx)


def keep_law(penalty: Penalty, law: Law) -> None:
    penalty.used += [one for one in law.used if one not in penalty.used]


def law_of(penalty: Penalty) -> Law:
    return law_at(penalty.district)


def law_at(district: str) -> Law:
    return parameters.on(today(), place=district)


def today() -> dt.date:
    return shanghai_date(clock.now())
