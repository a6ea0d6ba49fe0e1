"""How a broadcast goes: who may make it, who approves it, how fast it is sent, and when it must pause."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from typing import Literal

from services.notifier.notices.rules import SIGNATURE, parts
from shared.contracts.notifier import BroadcastKind
from shared.errors import Conflict, Forbidden, RuleBroken
from shared.policy.parameters import Law
from shared.states import Machine

State = Literal["draft", "proposed", "approved", "preparing", "sending", "paused", "finished", "stopped"]
Event = Literal["propose", "send_back", "approve", "prepare", "send", "check", "pause", "resume", "finish", "stop"]

CAN_BE_SWITCHED_OFF: Collection[BroadcastKind] = ("publicity", "legal_education")
"""What a worker need not hear of; the weather and what the law demands come in any case."""

MOVES: Mapping[tuple[State, Event], State] = {
    ("draft", "propose"): "proposed",
    ("draft", "stop"): "stopped",
    ("proposed", "send_back"): "draft",
    ("proposed", "approve"): "approved",
    ("proposed", "stop"): "stopped",
    ("approved", "prepare"): "preparing",
    ("approved", "pause"): "paused",
    ("approved", "stop"): "stopped",
    ("preparing", "send"): "sending",
    ("preparing", "pause"): "paused",
    ("preparing", "finish"): "finished",
    ("preparing", "stop"): "stopped",
    ("sending", "check"): "preparing",
    ("sending", "pause"): "paused",
    ("sending", "stop"): "stopped",
    ("paused", "resume"): "preparing",
    ("paused", "stop"): "stopped",
}

STATES: Machine[State, Event, State] = Machine(
    "broadcast", MOVES, zh="群发的当前状态不允许此操作", kind="broadcast-state"
)
"""Preparing: everybody whom it concerns gets a row, where there is none. So it is when a broadcast is approved, when it goes on
after a pause, and once more before it is finished: a row that was lost is found."""

ARTICLES: Mapping[BroadcastKind, int] = {"legal_education": 1, "rest": 6, "weather": 7, "publicity": 16}
"""The article of 德人社发〔2022〕95号 that a broadcast serves; the departments responsible for it may make one."""

AHEAD = dt.timedelta(seconds=2)
"""How far ahead messages are given their instants: so many seconds' messages still go after a pause."""


def check_words(text: str, law: Law) -> None:
    """Raise RuleBroken where a text would be charged as more SMS than allowed (`notifications.broadcast_sms_parts`)."""
    most, needed = law.number("notifications.broadcast_sms_parts"), sms_parts(text)
    if needed > most:
        zh, en = f"正文连同签名不得超过{most}条短信", f"the text with its signature is more than {most} SMS"
        raise RuleBroken("text-too-long", zh, en, parts=needed)


def sms_parts(text: str) -> int:
    """How many SMS a text is charged as, with the signature."""
    return parts(f"【{SIGNATURE}】{text}")


def check_kind(kind: BroadcastKind, urgent: bool, department: str, law: Law) -> None:
    """Raise where a department is not responsible for what a broadcast serves, or what can wait is said to be urgent."""
    if department not in law.texts("duty.departments", str(ARTICLES[kind])):
        raise Forbidden(
            "本部门不负责此类群发", "another department is responsible for this", "department-not-responsible"
        )
    if urgent and kind != "weather":
        raise RuleBroken("not-urgent", "只有恶劣天气预警可以不受免打扰时段限制", "only severe weather is urgent")


def check_approver(approver: str, authors: Collection[str]) -> None:
    """Raise Conflict where somebody would approve what they had a hand in (subjects of tokens)."""
    if approver in authors:
        raise Conflict("second-officer-needed", "群发须由另一名经办人员审批", "another officer must approve this")


def instants(now: dt.datetime, taken_until: dt.datetime, per_second: int) -> list[dt.datetime]:
    """When the next messages may go: one after another from what is taken already, up to a little ahead of now."""
    step = dt.timedelta(seconds=1) / per_second
    start = max(now, taken_until)
    return [start + n * step for n in range(max(0, -((start - now - AHEAD) // step)))]


def must_pause(given: int, failed: int, law: Law) -> bool:
    """Whether so many of those given have failed that something must be wrong with the broadcast."""
    enough = given >= law.number("notifications.broadcast_bounce_minimum")
    return enough and failed * 100 >= given * law.number("notifications.broadcast_bounce_percent")
