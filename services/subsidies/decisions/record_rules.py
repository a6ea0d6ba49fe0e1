"""The record of a decision, and the same decision taken again from it.

The record is canonical JSON: keys in order, no blanks, amounts as decimal text. Whoever has it and the parameters of the law gets
the same bytes again, by the rule of that kind and version and by what had been published on the day of the decision.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any, Final

import msgspec

from services.subsidies.decisions.rules import Facts, Outcome, Rule
from shared.contracts.base import money
from shared.policy.parameters import Parameters, Used, parameters

FORMAT: Final = 1

Rules = Mapping[tuple[str, int], Rule[Any]]
"""The rules by kind and version, those of the past among them."""


class DecisionRecord(msgspec.Struct, frozen=True, kw_only=True):
    """A decision with all that it rests on.

    `known_on`: only what had been published by that day counted. `result`: grounds, amount and paid facts as the rule gives them.
    `judged`: the grounds that an officer found met where the rule could not say; `amount_set`: what an officer set where no
    parameter says it (yuan).
    """

    application_id: str
    kind: str
    version: int
    known_on: dt.date
    facts: dict[str, Any]
    parameters: list[dict[str, Any]]
    result: dict[str, Any]
    judged: tuple[str, ...] = ()
    amount_set: str | None = None
    format: int = FORMAT


class CannotRepeat(ValueError):
    """This program has no rule of that kind and version, or does not know the format."""


def outcome_of(rule: Rule[Any], facts: Facts, known_on: dt.date, law: Parameters | None = None) -> Outcome:
    """What a rule makes of facts by what had been published on a day."""
    return rule.decide(facts, (law or parameters).on(facts.day, place=facts.place, known_on=known_on))


def record_of(
    application_id: str,
    rule: Rule[Any],
    facts: Facts,
    outcome: Outcome,
    known_on: dt.date,
    *,
    judged: tuple[str, ...] = (),
    amount_set: str | None = None,
) -> DecisionRecord:
    """The record of a decision, with the facts that this version of the rule knows."""
    if type(facts) is not rule.facts:
        facts = msgspec.convert(msgspec.to_builtins(facts), rule.facts)
    return DecisionRecord(
        application_id=application_id,
        kind=rule.kind,
        version=rule.version,
        known_on=known_on,
        facts=msgspec.to_builtins(facts),
        parameters=[_parameter(one) for one in outcome.used],
        result=result_of(outcome),
        judged=judged,
        amount_set=amount_set,
    )


def result_of(outcome: Outcome) -> dict[str, Any]:
    """What came out, as it stands in the record."""
    return {
        "amount": None if outcome.amount is None else money(outcome.amount),
        "grounds": [asdict(one) for one in outcome.grounds],
        "met": outcome.met,
        "once": list(outcome.once),
    }


def canonical(value: object) -> bytes:
    """A record or a part of one as its only bytes."""
    return msgspec.json.encode(value, order="sorted")


def digest(value: object) -> str:
    """SHA-256 of the canonical bytes, in hex."""
    return hashlib.sha256(canonical(value)).hexdigest()


def read(content: bytes) -> DecisionRecord:
    """A record from its bytes; raises ValueError for what is none."""
    return msgspec.json.decode(content, type=DecisionRecord)


def facts_of(record: DecisionRecord, rules: Rules) -> Facts:
    """The frozen facts of a decision; raises CannotRepeat."""
    facts: Facts = msgspec.convert(record.facts, _rule_of(record, rules).facts)
    return facts


def again(record: DecisionRecord, rules: Rules, law: Parameters | None = None) -> DecisionRecord:
    """The same decision taken again, from its frozen facts; raises CannotRepeat."""
    rule, facts = _rule_of(record, rules), facts_of(record, rules)
    return record_of(
        record.application_id,
        rule,
        facts,
        outcome_of(rule, facts, record.known_on, law),
        record.known_on,
        judged=record.judged,
        amount_set=record.amount_set,
    )


def difference(content: bytes, rules: Rules, law: Parameters | None = None) -> str | None:
    """Where a stored record and the same decision taken again differ first, or None where they are the same bytes."""
    record = read(content)
    repeated = again(record, rules, law)
    if canonical(repeated) == content:
        return None
    then, now = (msgspec.json.decode(canonical(one)) for one in (record, repeated))
    for name in sorted(then):
        if then[name] != now[name]:
            return f"{name}: recorded {then[name]!r}, now {now[name]!r}"
    return "the bytes are not those of the canonical form"


def _rule_of(record: DecisionRecord, rules: Rules) -> Rule[Any]:
    if record.format != FORMAT:
        raise CannotRepeat(f"records of format {record.format} are not known")
    try:
        return rules[record.kind, record.version]
    except KeyError:
        raise CannotRepeat(f"no rule of kind {record.kind} in version {record.version}") from None


def _parameter(used: Used) -> dict[str, Any]:
    return used.model_dump(mode="json")
