"""Whether an accident is covered, until when benefits are to be applied for, what papers that needs, and how a claim goes on
(工伤保险条例 ch. 3 and 4; 新就业形态人员职业伤害保障办法（试行）).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Literal

from services.insurance.engagements.rules import Span
from shared.contracts.insurance import CoverCheck, Reporter, Scheme
from shared.errors import Conflict, RuleBroken
from shared.policy import calendar
from shared.policy.parameters import Law, MissingParameter
from shared.states import Machine

State = Literal[
    "reported", "lapsed", "withdrawn", "duplicate", "applied", "supplement", "accepted", "investigating", "suspended",
    "refused", "recognised", "not_recognised", "assessing", "assessed", "closed",
]  # fmt: skip

Event = Literal[
    "apply", "refuse", "lapse", "withdraw", "merge", "ask_papers", "complete_papers", "accept", "investigate", "suspend",
    "resume", "recognise", "deny", "revoke", "request_assessment", "assess", "close", "correct_scheme",
]  # fmt: skip

STATES: Machine[State, Event, State] = Machine(
    "claim",
    {
        ("reported", "apply"): "applied",
        ("reported", "refuse"): "refused",
        ("reported", "lapse"): "lapsed",
        ("reported", "withdraw"): "withdrawn",
        ("reported", "merge"): "duplicate",
        ("lapsed", "apply"): "applied",
        ("withdrawn", "apply"): "applied",
        ("applied", "ask_papers"): "supplement",
        ("applied", "accept"): "accepted",
        ("applied", "refuse"): "refused",
        ("applied", "withdraw"): "withdrawn",
        ("applied", "merge"): "duplicate",
        ("supplement", "complete_papers"): "applied",
        ("supplement", "refuse"): "refused",
        ("supplement", "withdraw"): "withdrawn",
        ("supplement", "merge"): "duplicate",
        ("accepted", "investigate"): "investigating",
        ("accepted", "suspend"): "suspended",
        ("accepted", "recognise"): "recognised",
        ("accepted", "deny"): "not_recognised",
        ("accepted", "withdraw"): "withdrawn",
        ("accepted", "merge"): "duplicate",
        ("investigating", "suspend"): "suspended",
        ("investigating", "recognise"): "recognised",
        ("investigating", "deny"): "not_recognised",
        ("investigating", "withdraw"): "withdrawn",
        ("investigating", "merge"): "duplicate",
        ("suspended", "resume"): "investigating",
        ("suspended", "withdraw"): "withdrawn",
        ("suspended", "merge"): "duplicate",
        ("refused", "apply"): "applied",
        ("refused", "revoke"): "applied",
        ("recognised", "request_assessment"): "assessing",
        ("recognised", "revoke"): "investigating",
        ("recognised", "close"): "closed",
        ("not_recognised", "revoke"): "investigating",
        ("not_recognised", "close"): "closed",
        ("assessing", "assess"): "assessed",
        ("assessing", "revoke"): "investigating",
        ("assessed", "request_assessment"): "assessing",
        ("assessed", "revoke"): "investigating",
        ("assessed", "close"): "closed",
        ("closed", "request_assessment"): "assessing",
        ("closed", "revoke"): "investigating",
        ("reported", "correct_scheme"): "reported",
        ("lapsed", "correct_scheme"): "lapsed",
        ("applied", "correct_scheme"): "applied",
        ("supplement", "correct_scheme"): "supplement",
        ("accepted", "correct_scheme"): "accepted",
        ("investigating", "correct_scheme"): "investigating",
        ("suspended", "correct_scheme"): "suspended",
    },
    kind="claim-state",
    zh="报案当前状态不允许此操作",
)

UNDECIDED: frozenset[State] = frozenset(
    ("reported", "lapsed", "withdrawn", "applied", "supplement", "accepted", "investigating", "suspended")
)
NOT_TAKEN_UP: frozenset[State] = frozenset(("reported", "lapsed", "withdrawn", "applied", "supplement"))
"""Where the cover, and with it the scheme, may still change."""

PUT_AWAY: frozenset[State] = frozenset(("lapsed", "withdrawn"))
"""Of which nothing comes unless somebody applies anew."""
NOT_APPLIED_FOR: frozenset[State] = frozenset(("reported", "refused"))
"""Where no application is looked at."""

OF_THE_DEAD = frozenset({"funeral", "dependant_pension", "death_lump"})
"""Kinds of benefit that go to next of kin (工伤保险条例 art. 39)."""

AppealState = Literal["none", "open", "upheld", "revoked", "withdrawn", "not_decided"]
AppealEvent = Literal["file", "uphold", "revoke", "withdraw", "overrun"]

APPEALS: Machine[AppealState, AppealEvent, AppealState] = Machine(
    "appeal against a claim's decision",
    {
        ("none", "file"): "open",
        ("open", "uphold"): "upheld",
        ("open", "revoke"): "revoked",
        ("open", "withdraw"): "withdrawn",
        ("open", "overrun"): "not_decided",
        ("not_decided", "file"): "open",
        ("upheld", "file"): "open",
        ("withdrawn", "file"): "open",
    },
    kind="claim-state",
    zh="报案当前状态不允许此操作",
)
"""Appeals against one decision, which do not hold up the claim (行政复议法 art. 42); `revoke` makes the claim's `revoke`. A review
that is not decided in its term is left for the court (`overrun`; 行政诉讼法 art. 45)."""

ExtensionState = Literal["none", "asked", "granted", "refused"]
ExtensionEvent = Literal["ask", "grant", "refuse", "correct"]

EXTENSIONS: Machine[ExtensionState, ExtensionEvent, ExtensionState] = Machine(
    "extension of the employer's term to apply",
    {
        ("none", "ask"): "asked",
        ("asked", "grant"): "granted",
        ("asked", "refuse"): "refused",
        ("refused", "ask"): "asked",
        ("granted", "correct"): "granted",
    },
    kind="extension-state",
    zh="延期申请当前状态不允许此操作",
)
"""More time to apply, with leave (工伤保险条例 art. 17(1)): once. `correct`: its last day was set wrongly."""

Period = tuple[dt.datetime, dt.datetime]
"""When an order was taken and when it was finished."""


def not_now(state: State, what: str) -> Conflict:
    """What is answered where a claim does not stand so that something can be done that is no move of its own."""
    return Conflict("claim-state", STATES.zh, f"{what} is not possible: the claim is {state}", state=state)


def scheme_of(cover: CoverCheck) -> Scheme:
    """Which insurance an accident falls under; the two exclude each other (办法（试行） art. 2)."""
    return "work_injury" if cover == "other_scheme" else "occupational_injury"


def cover(
    occurred_at: dt.datetime, orders: Iterable[Period], employed: Iterable[Span], *, through_outlet: bool = False
) -> CoverCheck:
    """How an accident stands by what is known: from the taking of an order to its end the worker is covered.

    A worker in a labour relation with the platform that day has work-injury insurance instead (办法（试行） art. 2), and so has
    one who was insured through a courier outlet (人社厅发〔2021〕101 号). Where no order was under way, one may still be told:
    `pending`.
    """
    day = calendar.shanghai_date(occurred_at)
    if through_outlet or any(span.covers(day) for span in employed):
        return "other_scheme"
    if any(taken_at <= occurred_at <= finished_at for taken_at, finished_at in orders):
        return "covered"
    return "pending"


def apply_by(occurred_at: dt.datetime, law: Law, key: str) -> dt.date | None:
    """The last day to apply for benefits, from the accident, in natural days, or years where the key says so.

    None where no term was in force then.
    """
    day = calendar.shanghai_date(occurred_at)
    try:
        if key.endswith("_years"):
            return calendar.add_years(day, law.number(key)).due
        return calendar.add_days(day, law.days(key)).due
    except MissingParameter:
        return None


APPLY_KEYS: dict[Scheme, tuple[str, str]] = {
    "occupational_injury": ("oip.platform_apply_days", "oip.self_apply_days"),
    "work_injury": ("work_injury.employer_apply_days", "work_injury.self_apply_years"),
}
"""The terms to apply for the platform or employer, and for the worker, next of kin or union (工伤保险条例 art. 17)."""


Report = tuple[dt.datetime, str, str]
"""When an accident happened, at which platform, and who reported it."""


def same_accident(one: Report, other: Report, window: dt.timedelta) -> bool:
    """Whether two reports on one worker may be about one accident.

    Close in time, and from two reporters, or about the same platform on the same legal day.
    """
    (at, platform, reporter), (other_at, other_platform, other_reporter) = one, other
    if abs(at - other_at) > window:
        return False
    same_day = calendar.shanghai_date(at) == calendar.shanghai_date(other_at)
    return reporter != other_reporter or (platform == other_platform and same_day)


_NUMBER_CHARACTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def number_of(claim_id: str, reported_on: dt.date) -> str:
    """The number that people are told: `ZS`, the day of the report, and eight characters out of the claim's id (a UUID)."""
    rest = int(claim_id.replace("-", "")[-10:], 16)
    tail = "".join(_NUMBER_CHARACTERS[rest >> shift & 31] for shift in range(35, -5, -5))
    return f"ZS{reported_on:%Y%m%d}-{tail}"


AccidentKind = Literal["traffic", "violence", "sudden_death", "rescue"]
"""What sets an accident apart, as far as papers go."""


def required_papers(
    scheme: Scheme, law: Law, *, fatal: bool, kinds: Iterable[str], applicant: Reporter, late: bool
) -> list[str]:
    """The codes of all papers of an application, each once."""
    if scheme == "work_injury":
        papers = list(law.texts("work_injury.application_papers"))
        further, cases = law.lists("work_injury.further_papers"), ["death"] if fatal else []
    else:
        papers = list(law.texts("oip.application_papers", "death" if fatal else "injury"))
        further, cases = law.lists("oip.further_papers"), []
    cases += [*kinds, *(["kin"] if applicant == "kin" else []), *(["late"] if late else [])]
    for case in cases:
        papers += further.get(case, ())
    return list(dict.fromkeys(papers))


def check_papers(papers: Iterable[str], law: Law) -> None:
    """Raise RuleBroken where a code names no paper."""
    unknown = sorted(set(papers) - set(law.table("claims.paper_names")))
    if unknown:
        raise RuleBroken("unknown-paper", "没有这种材料代码", "no such papers", about=unknown)
