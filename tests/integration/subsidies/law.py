"""Parameters as they would be with other rows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

import pytest

from services.subsidies.decisions import record_rules
from services.subsidies.revisions import rules as revision_rules
from shared.policy.parameters import Parameters, parameters
from shared.policy.rows import Parameter, Row


def with_amounts(amounts: Mapping[str, str], published: dt.date) -> Parameters:
    """The law with a table of sums for the training subsidy, published on a day and in force as long as the rule is."""
    declared: dict[str, Parameter] = {one.key: one for one in parameters}
    known = declared["training_subsidy.amount"]
    row = known.rows[0].model_copy(update={"value": dict(amounts), "published": published, "note": ""})
    declared[known.key] = known.model_copy(update={"rows": (Row.model_validate(row.model_dump(by_alias=True)),)})
    return Parameters(declared.values())


def with_value(key: str, value: Any, published: dt.date) -> Parameters:
    """The law with another value in the first row of a parameter, published on a day and in force as long as that row is."""
    declared: dict[str, Parameter] = {one.key: one for one in parameters}
    known = declared[key]
    row = Row.model_validate({**dict(known.rows[0]), "value": value, "published": published})
    declared[key] = known.model_copy(update={"rows": (row, *known.rows[1:])})
    return Parameters(declared.values())


def put_in_force(law: Parameters, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the service decide by this law from now on."""
    monkeypatch.setattr(record_rules, "parameters", law)
    monkeypatch.setattr(revision_rules, "parameters", law)
