"""Whether an accident is covered, until when benefits are to be applied for, and how a claim goes on.

A claim (工伤保险条例 ch. 3 and 4; 新就业形态人员职业伤害保障办法（试行）):

| state          | event              | next state     |
|----------------|--------------------|----------------|
| reported       | apply              | applied        |
| reported       | refuse             | refused        |
| reported       | lapse              | lapsed         |
| reported       | withdraw           | withdrawn      |
| reported       | merge              | duplicate      |
| lapsed         | apply              | applied        |
| withdrawn      | apply              | applied        |
| applied        | ask_papers         | supplement     |
| applied        | accept             | accepted       |
| applied        | refuse             | refused        |
| applied        | withdraw           | withdrawn      |
| applied        | merge              | duplicate      |
| supplement     | complete_papers    | applied        |
| supplement     | refuse             | refused        |
| supplement     | withdraw           | withdrawn      |
| supplement     | merge              | duplicate      |
| accepted       | investigate        | investigating  |
| accepted       | suspend            | suspended      |
| accepted       | recognise          | recognised     |
| accepted       | deny               | not_recognised |
| accepted       | withdraw           | withdrawn      |
| accepted       | merge              | duplicate      |
| investigating  | suspend            | suspended      |
| investigating  | recognise          | recognised     |
| investigating  | deny               | not_recognised |
| investigating  | withdraw           | withdrawn      |
| investigating  | merge              | duplicate      |
| suspended      | resume             | investigating  |
| suspended      | withdraw           | withdrawn      |
| suspended      | merge              | duplicate      |
| refused        | apply              | applied        |
| refused        | revoke             | applied        |
| recognised     | request_assessment | assessing      |
| recognised     | revoke             | investigating  |
| recognised     | close              | closed         |
| not_recognised | revoke             | investigating  |
| not_recognised | close              | closed         |
| assessing      | assess             | assessed       |
| assessing      | revoke             | investigating  |
| assessed       | request_assessment | assessing      |
| assessed       | revoke             | investigating  |
| assessed       | close              | closed         |
| closed         | request_assessment | assessing      |
| closed         | revoke             | investigating  |

Appeals against one decision, which do not hold up the claim (行政复议法 art. 42); `revoked` makes the claim's `revoke`:

| state     | event    | next state |
|-----------|----------|------------|
| none      | file     | open       |
| open      | uphold   | upheld     |
| open      | revoke   | revoked    |
| open      | withdraw | withdrawn  |
| upheld    | file     | open       |
| withdrawn | file     | open       |
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Literal

from services.insurance.footing.rules import Span
from shared.contracts.insurance import CoverCheck, Scheme
from shared.policy import calendar
from shared.policy.parameters import Law, MissingParameter

State = Literal[
    "reported", "lapsed", "withdrawn", "duplicate", "applied", "supplement", "accepted", "investigating", "suspended",
    "refused", "recognised", "not_recognised", "assessing", "assessed", "closed",
]  # fmt: skip

Event = Literal[
    "apply", "refuse", "lapse", "withdraw", "merge", "ask_papers", "complete_papers", "accept", "investigate", "suspend",
    "resume", "recognise", "deny", "revoke", "request_assessment", "assess", "close",
]  # fmt: skip

MOVES: dict[State, dict[Event, State]] = {
    "reported": {
        "apply": "applied",
        "refuse": "refused",
        "lapse": "lapsed",
        "withdraw": "withdrawn",
        "merge": "duplicate",
    },
    "lapsed": {"apply": "applied"},
    "withdrawn": {"apply": "applied"},
    "duplicate": {},
    "applied": {
        "ask_papers": "supplement",
        "accept": "accepted",
        "refuse": "refused",
        "withdraw": "withdrawn",
        "merge": "duplicate",
    },
    "supplement": {
        "complete_papers": "applied",
        "refuse": "refused",
        "withdraw": "withdrawn",
        "merge": "duplicate",
    },
    "accepted": {
        "investigate": "investigating",
        "suspend": "suspended",
        "recognise": "recognised",
        "deny": "not_recognised",
        "withdraw": "withdrawn",
        "merge": "duplicate",
    },
    "investigating": {
        "suspend": "suspended",
        "recognise": "recognised",
        "deny": "not_recognised",
        "withdraw": "withdrawn",
        "merge": "duplicate",
    },
    "suspended": {"resume": "investigating", "withdraw": "withdrawn", "merge": "duplicate"},
    "refused": {"apply": "applied", "revoke": "applied"},
    "recognised": {"request_assessment": "assessing", "revoke": "investigating", "close": "closed"},
    "not_recognised": {"revoke": "investigating", "close": "closed"},
    "assessing": {"assess": "assessed", "revoke": "investigating"},
    "assessed": {"request_assessment": "assessing", "revoke": "investigating", "close": "closed"},
    "closed": {"request_assessment": "assessing", "revoke": "investigating"},
}

UNDECIDED: frozenset[State] = frozenset(
    ("reported", "lapsed", "withdrawn", "applied", "supplement", "accepted", "investigating", "suspended")
)
NOT_TAKEN_UP: frozenset[State] = frozenset(("reported", "lapsed", "withdrawn", "applied", "supplement"))
"""Where the cover, and with it the scheme, may still change."""

AppealState = Literal["none", "open", "upheld", "revoked", "withdrawn"]
AppealEvent = Literal["file", "uphold", "revoke", "withdraw"]

APPEAL_MOVES: dict[AppealState, dict[AppealEvent, AppealState]] = {
    "none": {"file": "open"},
    "open": {"uphold": "upheld", "revoke": "revoked", "withdraw": "withdrawn"},
    "upheld": {"file": "open"},
    "withdrawn": {"file": "open"},
    "revoked": {},
}

Stretch = tuple[dt.datetime, dt.datetime]
"""When an order was taken and when it was finished."""


class Forbidden(ValueError):
    """The claim does not stand so that this can happen to it."""

    def __init__(self, state: str, event: str) -> None:
        self.state, self.event = state, event
        super().__init__(f"{event} in state {state}")


class RuleBroken(ValueError):
    """A rule stands against a step. `kind` is stable; `zh` and `en` are for the caller; `about` is what it is about."""

    def __init__(self, kind: str, zh: str, en: str, about: Iterable[str] = ()) -> None:
        self.kind, self.zh, self.en, self.about = kind, zh, en, tuple(about)
        super().__init__(kind)


def next_state(state: State, event: Event) -> State:
    """The state after an event; raises Forbidden where the table has none."""
    try:
        return MOVES[state][event]
    except KeyError:
        raise Forbidden(state, event) from None


def next_appeal_state(state: AppealState, event: AppealEvent) -> AppealState:
    """The state of the appeals against a decision after an event; raises Forbidden where the table has none."""
    try:
        return APPEAL_MOVES[state][event]
    except KeyError:
        raise Forbidden(f"appeal {state}", event) from None


def scheme_of(cover: CoverCheck) -> Scheme:
    """Which insurance an accident falls under; the two exclude each other (办法（试行） art. 2)."""
    return "work_injury" if cover == "other_scheme" else "occupational_injury"


def cover(occurred_at: dt.datetime, orders: Iterable[Stretch], employed: Iterable[Span]) -> CoverCheck:
    """How an accident stands by what is known: from the taking of an order to its end the worker is covered.

    A worker in a labour relation with the platform that day has work-injury insurance instead (办法（试行） art. 2). Where
    no order was under way, one may still be told: `pending`.
    """
    day = calendar.shanghai_date(occurred_at)
    if any(span.covers(day) for span in employed):
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
