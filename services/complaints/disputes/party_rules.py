"""Who becomes party to a dispute beside those whom it began with, and what they see and do."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from services.complaints.disputes.state_rules import STATES, Applicant, Move, Side, State
from shared.contracts.complaints import DisputePartyRole, SuccessionGround
from shared.errors import Conflict, Forbidden, NotFound, RuleBroken
from shared.policy import calendar
from shared.policy.parameters import Law

ADDED_IN: Final[frozenset[State]] = frozenset({"filed", "arbitration"})
MOST_PARTIES: Final = 10
"""Enterprises of a dispute."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Adding:
    """An enterprise that is to become a party, as which, and who says so."""

    enterprise: str
    role: DisputePartyRole
    side: Side


def check_adding(
    adding: Adding,
    state: State,
    applicant: Applicant,
    parties: Collection[str],
    third_parties: Collection[str] = (),
    *,
    hearing_on: dt.date | None,
    today: dt.date,
) -> None:
    """Raise unless an enterprise becomes a party now (劳动争议调解仲裁法 art. 22, 23).

    Who applied names a further respondent until the day of the hearing; the commission adds one, or a third party whom the outcome
    touches, by itself until it awards, and makes a third party a respondent. An enterprise's own application is against the worker:
    others have part in it as third parties.
    """
    if state not in ADDED_IN:
        raise Conflict("parties-closed", "该争议不在仲裁程序中，不能追加当事人", "arbitration does not have it in hand")
    if adding.side != "forum":
        if adding.role == "third_party":
            raise Forbidden("第三人由仲裁委员会通知参加", "the commission lets third parties take part")
        if hearing_on is not None and today >= hearing_on:
            raise Conflict("parties-closed", "开庭后不能再申请追加当事人", "the hearing has begun")
    if adding.role == "respondent" and applicant == "enterprise":
        raise RuleBroken("no-respondent", "用人单位申请的仲裁以劳动者为被申请人", "the worker is the respondent here")
    if adding.enterprise in third_parties and adding.role == "respondent":
        return
    if adding.enterprise in parties:
        raise Conflict("party-already", "该企业已是本案当事人", "the enterprise is a party already")
    if len(parties) >= MOST_PARTIES:
        raise Conflict("too-many-parties", "当事人过多", "there are too many parties")


def answer_by(notified_on: dt.date, law: Law) -> calendar.Deadline:
    """An added party's last day to answer, from its own copy of the application (art. 30)."""
    return calendar.add_working_days(notified_on, law.days("arbitration.defence_days"))


def hearing_stands(hearing_on: dt.date, today: dt.date, law: Law) -> bool:
    """Whether a party of today still hears of a hearing in time (art. 35); else it is set anew."""
    return hearing_on >= calendar.add_working_days(today, law.days("arbitration.hearing_notice_days")).due


def check_step(role: DisputePartyRole | None, step: Move) -> None:
    """Raise Forbidden where a third party takes a step of the parties: it says what it has to say, and hands in what it has."""
    if role == "third_party" and step != "defend":
        raise Forbidden("第三人不能办理此步骤", "this step is for the parties, not for a third one")


def of_application(steps: Sequence[Move]) -> int:
    """From which step of the file on it is the commission's: what came before it is between those who were in it then."""
    return max((place for place, step in enumerate(steps) if step == "apply"), default=0)


def joint(parties: Collection[str], employed: Iterable[tuple[str, str | None, bool]]) -> list[str]:
    """Who is party to a dispute by law and is not named in it: of a dispatched worker, the dispatching firm and the unit that uses
    them are so together (art. 22). `employed`: platform, firm, and whether it dispatches."""
    both = [{platform, firm} for platform, firm, dispatched in employed if dispatched and firm is not None]
    return sorted({one for pair in both if pair & {*parties} for one in pair - {*parties}})


def bound(named: Mapping[str, Sequence[str]], claim_id: str, respondents: Sequence[str]) -> list[str]:
    """Which enterprises an award on a claim binds: those that it names, or all respondents; raises RuleBroken for who is none."""
    found = list(dict.fromkeys(named.get(claim_id, respondents)))
    if not found or not {*found} <= {*respondents}:
        raise RuleBroken("not-a-party", "裁决应当针对本案被申请人", "an award binds those who are respondents in it")
    return found


def succeeded(
    parties: Sequence[str], enterprise: str, successors: Sequence[str], ground: SuccessionGround, state: State
) -> list[str]:
    """The parties once others have an enterprise's place (解释（一） art. 26): the one that it was merged into; the one that it was
    divided into and that has the workers, or all of them where that is not clear. Raises where that cannot be."""
    if enterprise not in parties:
        raise NotFound("该当事人", "the party")
    if state in STATES.final:
        raise Conflict("dispute-over", "该争议已办结", "the dispute is over")
    one_only = ground == "merger" and len({*successors}) > 1
    if not {*successors} - {enterprise} or one_only:
        raise RuleBroken("no-successor", "承继单位有误：合并后为一个单位", "a merger has one successor, not itself")
    found = [one for party in parties for one in (successors if party == enterprise else [party])]
    if len({*found}) > MOST_PARTIES:
        raise Conflict("too-many-parties", "当事人过多", "there are too many parties")
    return list(dict.fromkeys(found))
