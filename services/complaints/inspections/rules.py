"""Campaigns and inspections: what may happen to them, and what findings have to say."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from shared.errors import Conflict, RuleBroken
from shared.policy import calendar
from shared.policy.parameters import Law
from shared.states import Machine

CampaignState = Literal["announced", "running", "closed", "cancelled"]
CampaignMove = Literal["draw", "close", "cancel"]

CAMPAIGN_MOVES: Final[Mapping[tuple[CampaignState, CampaignMove], CampaignState]] = {
    ("announced", "draw"): "running",
    ("announced", "cancel"): "cancelled",
    ("running", "close"): "closed",
}
"""A double-random campaign waits for its draw; a routine or special one runs from its announcement on."""

CAMPAIGN: Machine[CampaignState, CampaignMove, CampaignState] = Machine(
    "campaign", CAMPAIGN_MOVES, kind="campaign-state", zh="该检查计划的当前状态不允许此操作"
)

State = Literal["planned", "found", "published", "called_off"]
Move = Literal["replace", "call_off", "find", "amend", "hear", "leave", "publish"]

MOVES: Final[Mapping[tuple[State, Move], State]] = {
    ("planned", "replace"): "planned",
    ("planned", "call_off"): "called_off",
    ("planned", "find"): "found",
    ("found", "amend"): "found",
    ("found", "hear"): "found",
    ("found", "leave"): "found",
    ("found", "publish"): "published",
}

INSPECTION: Machine[State, Move, State] = Machine(
    "inspection", MOVES, kind="inspection-state", zh="该检查任务的当前状态不允许此操作"
)

LONGEST: Final = dt.timedelta(days=2 * 366)

NUMBER_LETTERS: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

Verdict = Literal["compliant", "violation", "not_applicable"]
Outcome = Literal["compliant", "violations"]
Cause = Literal["ceased", "untraceable", "another_matter"]
"""Why an enterprise was not inspected: 已停止经营、查无下落、另案查处。"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What was found of one item of the checklist."""

    item: str
    verdict: Verdict


def check_complete(items: Collection[str], findings: Sequence[Found]) -> None:
    """Raise RuleBroken where an item is not answered, or answered twice, or is none of the campaign's."""
    times = Counter(one.item for one in findings)
    wrong = sorted({item for item in items if times[item] != 1} | (times.keys() - set(items)))
    if wrong:
        raise RuleBroken(
            "findings-incomplete", "检查项目应逐项填写且不得重复", "each item is answered once", items=wrong
        )


def violated(findings: Sequence[Found]) -> list[str]:
    """The items that do not stand up to the law."""
    return sorted(one.item for one in findings if one.verdict == "violation")


def check_violated(items: Collection[str], violated: Collection[str]) -> None:
    """Raise RuleBroken unless each of these items was found to be a violation."""
    if not items or (others := sorted(set(items) - set(violated))):
        raise RuleBroken(
            "not-violated",
            "应指明检查中发现违法的项目",
            "name items that were found to be violations",
            items=others if items else [],
        )


def check_followed(violated: Collection[str], followed: Collection[str]) -> None:
    """Raise Conflict where a violation was found, and neither an order nor a reason for none followed (劳动保障监察条例 art. 18)."""
    if left := sorted(set(violated) - set(followed)):
        raise Conflict(
            "findings-open",
            "发现的违法行为应责令改正，或者说明不予责令的理由",
            "each violation is ordered to be put right, or it is said why not",
            items=left,
        )


def outcome(findings: Sequence[Found]) -> Outcome:
    return "violations" if violated(findings) else "compliant"


def number_of(record_id: str, day: dt.date, word: str) -> str:
    """A number to be read out: the day and forty random bits of an id (a UUIDv7)."""
    bits = int(record_id.replace("-", ""), 16)
    letters = [NUMBER_LETTERS[bits >> (5 * place) & 31] for place in range(8)]
    return f"{word}〔{day:%Y}〕{day:%m%d}-{''.join(letters)}"


def check_present(team: Collection[str], present: Collection[str], law: Law) -> None:
    """Raise RuleBroken where too few of the team were there (劳动保障监察条例 art. 16; 行政处罚法 art. 42)."""
    least = law.number("inspection.min_inspectors")
    if len(set(present)) < least or set(present) - set(team):
        raise RuleBroken(
            "too-few-inspectors",
            f"执法检查人员不得少于{least}人，且应为该任务的检查人员",
            f"at least {least} inspectors, of those who were assigned",
        )


def check_visit(visited_on: dt.date, starts_on: dt.date, today: dt.date) -> None:
    """Raise RuleBroken for a visit that has not been, or was before its campaign or, where it was drawn, before the public draw."""
    if not starts_on <= visited_on <= today:
        raise RuleBroken(
            "visit-day",
            "检查日期应在检查计划开始和公开摇号之后，且不晚于今天",
            "a visit is after its campaign begins and the public draw, and not after today",
        )


def check_period(starts_on: dt.date, ends_on: dt.date, today: dt.date) -> None:
    """Raise RuleBroken for a campaign that ends before it begins, is over, or goes on for longer than anybody plans."""
    if ends_on < starts_on or ends_on <= today or ends_on > today + LONGEST:
        raise RuleBroken(
            "campaign-period",
            "检查计划的起止日期有误，最长不超过两年",
            "the campaign ends before it begins, is over, or ends later than in two years",
        )


def check_result_unknown(known_from: dt.datetime, ends_on: dt.date, now: dt.datetime) -> None:
    """Raise RuleBroken where the public draw may have been held already, or comes after the campaign."""
    if not now < known_from < calendar.end_of_day(ends_on):
        raise RuleBroken(
            "draw-known",
            "所依据的公开摇号结果应在公布名单之后、检查计划结束之前产生",
            "the public draw is held after the lists are published and before the campaign ends",
        )


def check_result_known(known_from: dt.datetime, now: dt.datetime) -> None:
    """Raise Conflict before the public draw was held."""
    if now < known_from:
        raise Conflict("draw-not-known", "公开摇号结果尚未产生", "the public draw has not been held yet")


def numbers_of(result: str) -> str:
    """A public draw's result in the one form from which a draw is held: its numbers in rising order, without leading zeros, a blank
    between. An office that knows the secret could else write one result in many ways, and take the way that pleases.

    Raises RuleBroken for anything but numbers of one or two digits with separators between.
    """
    plain = unicodedata.normalize("NFKC", result)
    if not re.fullmatch(r"[0-9]{1,2}(?:[\s+,、|/-]+[0-9]{1,2})*", plain):
        raise RuleBroken(
            "draw-numbers",
            "公开摇号结果应逐个填写号码，每个号码一至两位数字，中间用空格隔开",
            "the result of a public draw is its numbers, of one or two digits each, with a blank between",
        )
    return " ".join(str(number) for number in sorted(map(int, re.findall("[0-9]+", plain))))


def check_still_open(known_from: dt.datetime, now: dt.datetime) -> None:
    """Raise Conflict where a campaign would be cancelled after the public draw: it would be drawn until it pleases."""
    if now >= known_from:
        raise Conflict("draw-known", "公开摇号结果已产生，不得取消检查计划", "the public draw was held: it stands")


def check_second_officer(subject: str, team: Collection[str]) -> None:
    """Raise Conflict where whoever inspected would publish (the second pair of eyes)."""
    if subject in team:
        raise Conflict("own-inspection", "检查人员不得审核本人的检查结果", "those who inspected do not publish it")
