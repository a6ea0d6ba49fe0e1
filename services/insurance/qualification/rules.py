"""The yearly check that whoever draws a benefit by the month is still entitled to it (社会保险经办条例 art. 25, 26).

| state      | event        | next state |                                                                  |
|------------|--------------|------------|------------------------------------------------------------------|
| confirmed  | reminded     | reminded   | the last day is near                                             |
| confirmed  | self_checked | confirmed  | until the next year                                              |
| confirmed  | verified     | confirmed  | by data, a visit, the employer or a third party                  |
| confirmed  | doubted      | questioned | an officer looks into it; payments go on until that has an end   |
| confirmed  | missed       | missed     | payments rest until it is made up for                            |
| confirmed  | ended        | ended      | the entitlement has ended                                        |
| confirmed  | granted      | confirmed  | another benefit                                                  |
| reminded   | self_checked | confirmed  |                                                                  |
| reminded   | verified     | confirmed  |                                                                  |
| reminded   | doubted      | questioned |                                                                  |
| reminded   | missed       | missed     |                                                                  |
| reminded   | ended        | ended      |                                                                  |
| reminded   | granted      | reminded   |                                                                  |
| questioned | verified     | confirmed  | nobody clears a doubt about themselves                           |
| questioned | doubted      | questioned |                                                                  |
| questioned | ended        | ended      | only after an investigation (art. 26 para. 2)                    |
| questioned | granted      | questioned |                                                                  |
| missed     | self_checked | confirmed  |                                                                  |
| missed     | verified     | confirmed  |                                                                  |
| missed     | doubted      | questioned |                                                                  |
| missed     | ended        | ended      |                                                                  |
| missed     | granted      | missed     |                                                                  |
| ended      | granted      | confirmed  | a new benefit begins the year anew                               |
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Literal

from shared.policy import calendar
from shared.policy.parameters import Law

State = Literal["confirmed", "reminded", "questioned", "missed", "ended"]
Event = Literal["reminded", "self_checked", "verified", "doubted", "missed", "ended", "granted"]
Way = Literal["self", "data_match", "visit", "employer", "third_party"]

TRANSITIONS: Mapping[tuple[State, Event], State] = {
    ("confirmed", "reminded"): "reminded",
    ("confirmed", "self_checked"): "confirmed",
    ("confirmed", "verified"): "confirmed",
    ("confirmed", "doubted"): "questioned",
    ("confirmed", "missed"): "missed",
    ("confirmed", "ended"): "ended",
    ("confirmed", "granted"): "confirmed",
    ("reminded", "self_checked"): "confirmed",
    ("reminded", "verified"): "confirmed",
    ("reminded", "doubted"): "questioned",
    ("reminded", "missed"): "missed",
    ("reminded", "ended"): "ended",
    ("reminded", "granted"): "reminded",
    ("questioned", "verified"): "confirmed",
    ("questioned", "doubted"): "questioned",
    ("questioned", "ended"): "ended",
    ("questioned", "granted"): "questioned",
    ("missed", "self_checked"): "confirmed",
    ("missed", "verified"): "confirmed",
    ("missed", "doubted"): "questioned",
    ("missed", "ended"): "ended",
    ("missed", "granted"): "missed",
    ("ended", "granted"): "confirmed",
}


MOST_STATEMENTS = 20
"""How often a person may speak to one check before somebody else does: ours, not the law's."""


class TooManyStatements(ValueError):
    """The person has said enough until an officer, or the next term, has its turn."""

    kind, zh, en = (
        "too-many-statements",
        "您已多次提交说明，请等待经办机构处理",
        "wait until an officer has looked into it",
    )


class WrongState(ValueError):
    """The step is not possible in the check's state."""

    kind, zh = "qualification-state", "资格认证的当前状态不允许此操作"

    def __init__(self, state: State, event: Event) -> None:
        self.en = f"{event} in {state}"
        super().__init__(self.en)


def follow(state: State, event: Event) -> State:
    """The next state; raises WrongState."""
    try:
        return TRANSITIONS[state, event]
    except KeyError:
        raise WrongState(state, event) from None


def due_on(confirmed_on: dt.date, law: Law) -> dt.date:
    """The last day of the check that follows one of `confirmed_on` (qualification.interval_months)."""
    return calendar.months_after(confirmed_on, law.number("qualification.interval_months"))


def remind_on(due: dt.date, law: Law) -> dt.date:
    """The day on which a person is reminded (qualification.remind_days before the last day)."""
    return due - dt.timedelta(days=law.days("qualification.remind_days"))
