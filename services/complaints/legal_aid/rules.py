"""Legal aid: who gets it, who gives it, by when, and what may happen to an application."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, Literal, get_args

from services.complaints.terms.rules import Length
from shared.errors import Conflict
from shared.policy.parameters import Law, MissingParameter
from shared.states import Machine

Body = Literal["centre", "union"]
"""Who gives the aid: the legal aid centre (法律援助机构), or the union's group of lawyers (职工维权律师团)."""

Subject = Literal["pay", "employment_relation", "social_insurance", "survivors_pension", "injury", "agreement", "other"]
"""What the aid is for. The first five are those of 法律援助法 art. 31."""

Form = Literal["advice", "drafting", "mediation_or_arbitration", "litigation", "other_proceedings"]
"""The form of the aid (法律援助法 art. 22)."""

Ground = Literal["no_fixed_living", "relief_or_honoured", "migrant_pay_or_injury", "brave_act", "maltreated"]
"""Why means are not looked at, or are no condition (art. 42, 32)."""

State = Literal[
    "submitted", "supplementing", "granted", "provided_first", "assigned", "finished",
    "refused", "terminated", "withdrawn", "refusal_contested", "termination_contested", "closed",
]  # fmt: skip
Move = Literal[
    "ask", "supplement", "lapse", "withdraw", "grant", "provide_first", "refuse", "assign", "reassign", "finish",
    "terminate", "contest", "uphold", "overturn", "ask_replacement",
]  # fmt: skip

Ending = Literal[
    "obtained_by_deceit", "false_evidence", "unlawful_use", "means_changed", "case_ended", "own_counsel", "asked_to_end"
]
"""Why aid ends early (法律援助法 art. 48)."""

Step = Literal["decide", "assign", "supplement", "objection", "replacement"]
"""A step that has a term."""

MOST_TEXT: Final = 20_000
"""Characters of an application with what was added to it, from which on nothing more is."""

Outcome = Literal["won", "partly_won", "settled", "lost", "withdrawn", "advised"]

MOVES: Final[Mapping[tuple[State, Move], State]] = {
    ("submitted", "ask"): "supplementing",
    ("supplementing", "supplement"): "submitted",
    ("supplementing", "lapse"): "withdrawn",
    ("submitted", "withdraw"): "withdrawn",
    ("supplementing", "withdraw"): "withdrawn",
    ("submitted", "grant"): "granted",
    ("submitted", "provide_first"): "provided_first",
    ("supplementing", "provide_first"): "provided_first",
    ("submitted", "refuse"): "refused",
    ("granted", "assign"): "assigned",
    ("granted", "withdraw"): "withdrawn",
    ("granted", "terminate"): "terminated",
    ("provided_first", "ask"): "provided_first",
    ("provided_first", "supplement"): "provided_first",
    ("provided_first", "lapse"): "withdrawn",
    ("provided_first", "ask_replacement"): "provided_first",
    ("provided_first", "grant"): "assigned",
    ("provided_first", "refuse"): "refused",
    ("provided_first", "terminate"): "terminated",
    ("provided_first", "reassign"): "provided_first",
    ("assigned", "ask_replacement"): "assigned",
    ("assigned", "reassign"): "assigned",
    ("assigned", "finish"): "finished",
    ("assigned", "terminate"): "terminated",
    ("refused", "contest"): "refusal_contested",
    ("refusal_contested", "uphold"): "closed",
    ("refusal_contested", "overturn"): "granted",
    ("terminated", "contest"): "termination_contested",
    ("termination_contested", "uphold"): "closed",
    ("termination_contested", "overturn"): "granted",
}

STATES: Machine[State, Move, State] = Machine(
    "legal aid application", MOVES, kind="legal-aid-state", zh="该法律援助申请的当前状态不允许此操作"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Means:
    """What an applicant says of their means: a ground by which they do not count, or what a head of the household has in a
    month, yuan, by documents or by a pledge of honesty (法律援助法 art. 41)."""

    ground: Ground | None = None
    monthly_income: Decimal | None = None
    pledged: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What is asked for. `ends_on`: the day on which the time to sue or apply runs out, where it is near."""

    body: Body
    subject: Subject
    means: Means
    ends_on: dt.date | None = None


@dataclass(frozen=True, slots=True)
class Proposal:
    """What the machine proposes: to give aid, to refuse it, or to look (`None`), with the reasons by code. A person decides."""

    grant: bool | None
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Lawyer:
    """Somebody who gives aid. `load`: matters in their hands."""

    lawyer_id: str
    body: Body
    districts: Collection[str]
    fields: Collection[Subject]
    active: bool
    load: int


def propose(asked: Asked, law: Law) -> Proposal:
    """Whether an application fits the conditions (法律援助法 art. 31, 32, 42; 德人社发〔2022〕95 号 art. 17).

    The union's lawyers help every worker, whatever their means. Where the province's standard of hardship is not known, an
    officer looks.
    """
    if asked.body == "union":
        return Proposal(True, ("union_helps_every_worker",))
    if asked.subject not in law.texts("legal_aid.matters"):
        return Proposal(None, ("matter_not_listed",))
    if asked.means.ground is not None:
        exempt = (*law.texts("legal_aid.means_exempt"), *law.texts("legal_aid.means_unlimited"))
        if asked.means.ground not in exempt or not _fits(asked.means.ground, asked.subject):
            return Proposal(None, ("ground_does_not_fit",))
        return Proposal(True, (f"means_not_looked_at:{asked.means.ground}",))
    if asked.means.monthly_income is None:
        return Proposal(None, ("means_not_said",))
    try:
        standard = law.amount("legal_aid.means_monthly")
    except MissingParameter:
        return Proposal(None, ("standard_unknown",))
    in_hardship = asked.means.monthly_income <= standard
    return Proposal(in_hardship, ("in_hardship" if in_hardship else "above_standard",))


def _fits(ground: Ground, subject: Subject) -> bool:
    """A migrant worker's means are not looked at for pay and injury alone (art. 42 (三))."""
    return ground != "migrant_pay_or_injury" or subject in ("pay", "injury")


def may_provide_first(asked: Asked, today: dt.date, law: Law, *, preservation: bool) -> None:
    """Raise Conflict unless aid may be given before it is decided on: few days are left, or property or evidence
    must be preserved or an advance be ordered at once (法律援助法 art. 44)."""
    left = None if asked.ends_on is None else (asked.ends_on - today).days
    if preservation or (left is not None and 0 <= left < law.days("legal_aid.urgent_days")):
        return
    raise Conflict("not-urgent", "不符合先行提供法律援助的情形", "aid is given first only where a term is about to end")


def term(step: Step, law: Law) -> Length:
    """How long a step may take: to decide (art. 43), from receipt, without what the applicant takes to complete it; to
    assign, from the decision (art. 43); to hand in what was asked for; to answer an objection (art. 49); to decide whether
    somebody else is assigned (art. 55)."""
    if step == "replacement":
        return Length(law.days("legal_aid.replacement_workdays"), "workdays")
    return Length(law.days(f"legal_aid.{step}_days"), "days")


def check_room(text: str) -> None:
    """Raise Conflict where so much was handed in in writing that no more is taken."""
    if len(text) > MOST_TEXT:
        raise Conflict("supplements-full", "补充的文字已达上限，请联系办理人员", "too much was handed in")


def lawyer_for(
    lawyers: Iterable[Lawyer], body: Body, subject: Subject, district: str, away: Collection[str] = ()
) -> Lawyer | None:
    """Whom a matter goes to: of those who are active and go to the district, one of its field before others, the least loaded,
    the lowest id of equals. `away`: who has given it up or stands on the other side."""
    able = (
        one
        for one in lawyers
        if one.active and one.body == body and district in one.districts and one.lawyer_id not in away
    )
    return min(able, key=lambda one: (subject not in one.fields, one.load, one.lawyer_id), default=None)


def departments(law: Law) -> Mapping[Body, str]:
    """Whose officers decide, by who gives the aid."""
    return {body: law.text("legal_aid.bodies", body) for body in get_args(Body)}
