"""The responsible persons of a listing: who may be named, when they were heard, and what is said of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable
from typing import Final, Literal

from services.complaints.credit.rules import PUBLIC, Kind, State
from shared.errors import Conflict, RuleBroken
from shared.policy.parameters import Law

Role = Literal["legal_representative", "principal", "in_charge", "direct"]
"""法定代表人、主要负责人、直接负责的主管人员、其他直接责任人员 (保障农民工工资支付条例 art. 48)."""

HEADS: Final[frozenset[Role]] = frozenset({"legal_representative", "principal"})
"""Who stands for the enterprise: the law names one of them (法定代表人或者主要负责人)."""

SPEAKING: Final[frozenset[State]] = frozenset({"notified", "hearing"})
ENDED: Final[frozenset[State]] = frozenset({"dropped", "expired", "removed", "revoked"})


def check_role(kind: Kind, role: Role, named: Collection[Role], law: Law) -> None:
    """Raise RuleBroken for a role that a listing of its kind does not name, Conflict for a second head: the list of those who owe
    wages names head and responsible persons (保障农民工工资支付条例 art. 48), a published violation the head alone (人社部令第29号,
    whose text was not at hand)."""
    roles = law.texts("credit.listed_persons") if kind == "wage_arrears" else law.texts("credit.published_persons")
    if role not in roles:
        raise RuleBroken("no-such-role", "该类公布不列该类责任人员", "a listing of this kind names nobody in this role")
    if role in HEADS and not HEADS.isdisjoint(named):
        raise Conflict("one-head", "法定代表人或者主要负责人已列明", "the head of the enterprise is named already")


def check_head_named(kind: Kind, named: Collection[Role], *, reason_given: bool) -> None:
    """Raise Conflict where the list of those who owe wages would not name the enterprise's head, and no reason is given why none
    can be (保障农民工工资支付条例 art. 48: 应当将该用人单位及其法定代表人或者主要负责人……列入); RuleBroken for a reason where
    one is named, or where a listing of its kind need not name one."""
    due = kind == "wage_arrears" and HEADS.isdisjoint(named)
    if due and not reason_given:
        raise Conflict(
            "no-head",
            "应当列明法定代表人或者主要负责人；确实无法列明的，须写明原因",
            "the enterprise's head is listed with it, or it is said why none can be",
        )
    if reason_given and not due:
        raise RuleBroken(
            "head-named",
            "已列明或者无须列明法定代表人、主要负责人的，不得填写未列明原因",
            "a head is named, or need not be: there is no reason to give",
        )


def check_head(role: Role, name: str, representative: str) -> None:
    """Raise RuleBroken where the head is not who the entry says."""
    if role in HEADS and name != representative:
        raise RuleBroken(
            "not-representative",
            "与公布内容中的法定代表人或者负责人不一致",
            "the entry says that another person is the head of the enterprise",
        )


def check_silence(texts: Iterable[str], secrets: Collection[str]) -> None:
    """Raise RuleBroken where what is published says more of a responsible person than it may."""
    if any(secret in text for text in texts for secret in secrets):
        raise RuleBroken(
            "names-person",
            "公布的事实和处理情况不得含有责任人员的姓名、证件号码",
            "the texts that are published name no responsible person",
        )


def check_told_on(
    notified_on: dt.date | None, state: State, told_on: dt.date | None, on: dt.date, today: dt.date
) -> None:
    """Raise Conflict where a person is not to be told, RuleBroken for a day before the enterprise was told or after today."""
    if notified_on is None or state not in SPEAKING or told_on is not None:
        raise Conflict("not-to-tell", "该责任人员尚不能告知或者已经告知", "there is nothing to tell the person now")
    if not notified_on <= on <= today:
        raise RuleBroken("told-day", "告知日期有误", "the day is before the notice, or after today")


def check_said_on(told_on: dt.date | None, speak_until: dt.date | None, on: dt.date, today: dt.date) -> None:
    """Raise RuleBroken for a day on which a person cannot have spoken, Conflict for one after their time to speak."""
    if told_on is None or speak_until is None or not told_on <= on <= today:
        raise RuleBroken("said-day", "陈述日期有误", "the day is before the person was told, or after today")
    if on > speak_until:
        raise Conflict("too-late", "陈述申辩期限已届满", "the time to speak is over")


def check_heard(until: Iterable[dt.date | None], today: dt.date) -> None:
    """Raise Conflict while somebody who is named has not been told (None), or may still speak: a person is heard as the enterprise
    is (人社部令第45号, whose text was not at hand)."""
    for day in until:
        if day is None:
            raise Conflict("person-not-told", "责任人员尚未告知", "a responsible person was not told yet")
        if today <= day:
            raise Conflict("may-still-speak", "责任人员陈述申辩期限尚未届满", "a responsible person may still speak")


def check_served_on(
    state: State, listed_on: dt.date | None, served_on: dt.date | None, on: dt.date, today: dt.date
) -> None:
    """Raise Conflict where there is no decision to serve on a person, or it was served; RuleBroken for a day before the decision or
    after today."""
    if state not in PUBLIC or listed_on is None or served_on is not None:
        raise Conflict("not-to-serve", "列入决定尚未作出、已经终止或者已经送达", "there is no decision to serve now")
    if not listed_on <= on <= today:
        raise RuleBroken("served-day", "送达日期有误", "the day is before the decision or after today")


def shows_head(heads: Iterable[dt.date | None], *, nameable: bool) -> bool:
    """Whether everybody reads who the enterprise's head is: not before the decision was served on them (a day is None where it was
    not), nor where it is on file that nobody can be named."""
    return nameable and all(day is not None for day in heads)


def check_removal(state: State, removed_on: dt.date | None, officer: str, done_by: str) -> None:
    """Raise Conflict where a person does not stand in the listing any more, or who named or listed them would take them out."""
    if state in ENDED or removed_on is not None:
        raise Conflict("not-named", "该人员已不在该信用记录中", "the person does not stand in the listing")
    if officer == done_by:
        raise Conflict("same-officer", "应由另一名人员移出", "another officer takes a person out than who put them in")


def representative_after(role: Role, entry: str, given: str | None) -> str:
    """Whom the entry says to be the head once a person is taken out. Raises RuleBroken where the head is taken out and nobody says
    who it is, or another person and somebody does."""
    if (given is not None) is not (role in HEADS):
        raise RuleBroken(
            "representative",
            "移出法定代表人或者主要负责人的，应当写明公布内容中的姓名；移出其他人员的，不得变更",
            "whoever takes the head out, and nobody else, says who it is",
        )
    return given or entry
