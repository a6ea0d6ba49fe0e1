"""Draft rows of parameters, tried beside the rows in force before anybody decrees them.

A draft is YAML in the form of this folder's files, of which only keys and rows count:

    minimum_wage.hourly:
      - {value: "23.5", from: 2027-01-01, scope: {place: "510600"}}

The first row of each scope is taken to have held always, so that recorded months, and what rests on days before them, are reckoned
by it whatever day the draft is to come into force on.
"""

from __future__ import annotations

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any, Final

import yaml
from pydantic import ValidationError

from shared.errors import RuleBroken
from shared.policy.parameters import Parameters
from shared.policy.rows import LOADER, Parameter, Row, Unit, Value

LONGEST: Final = 100_000
"""Characters of a draft."""
ALWAYS: Final = dt.date(1900, 1, 1)
DEEPEST: Final = 10
MOST_ROWS: Final = 200
"""Rows of one parameter; each is compared with every other."""
_DAY: Final = dt.timedelta(1)
_WHOLE: Final = frozenset({"minutes", "hours", "days", "workdays", "months", "years", "age", "day_of_month", "count"})
_FIGURES: Final = frozenset(
    {"CNY", "CNY/order", "CNY/hour", "CNY/day", "CNY/month", "ratio", "ratio/day", "percent", "multiple"}
)
_FIGURE: Final = re.compile(r"\d{1,12}(\.\d{1,6})?(/\d{1,6})?")


def read(text: str, known: Parameters) -> Parameters:
    """The parameters as they would be with a draft's rows; raises RuleBroken `draft-refused`, which says what is wrong where."""
    drafted = {key: _rows(key, body, known) for key, body in _mapping(text).items()}
    return Parameters(_with(parameter, drafted.get(parameter.key, ())) for parameter in known)


def rows(text: str, known: Parameters) -> list[tuple[str, Row]]:
    """The draft's rows by key, as they are written; raises RuleBroken `draft-refused`."""
    return [(key, row) for key, body in _mapping(text).items() for row in _rows(key, body, known)]


def _mapping(text: str) -> Mapping[str, Any]:
    if len(text) > LONGEST:
        raise _refused(f"草案过长（至多{LONGEST}字）", f"the draft is longer than {LONGEST} characters")
    try:
        _check_form(text)
        if twice := _twice(yaml.compose(text, Loader=LOADER)):
            raise _refused(f"{twice} 写了两次", f"{twice} is written twice", twice)
        said = yaml.load(text, Loader=LOADER)  # noqa: S506 - one of the two safe loaders
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        where = getattr(error, "problem_mark", None)
        line = f"第{where.line + 1}行" if where else ""
        raise _refused(f"草案不是有效的YAML{line}", f"the draft is no valid YAML: {line or 'unreadable'}") from None
    if not isinstance(said, dict) or not said:
        raise _refused("草案没有参数", "the draft holds no parameter")
    return {str(key): body for key, body in said.items()}


def _check_form(text: str) -> None:
    """Refuse what a reader could be worn out by, before anything is built of it: references, and lists in lists in lists."""
    depth = 0
    for event in yaml.parse(text, Loader=LOADER):
        if getattr(event, "anchor", None):
            raise _refused("草案不得使用锚点或引用", "anchors and aliases are not allowed")
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > DEEPEST:
            raise _refused("草案嵌套过深", "the draft is nested too deeply")


def _twice(node: yaml.Node | None) -> str | None:
    """A key that a mapping has twice, of which YAML would silently take the last."""
    names = [str(name.value) for name, _ in node.value] if isinstance(node, yaml.MappingNode) else []
    return next((name for name in names if names.count(name) > 1), None)


def _rows(key: str, body: Any, known: Parameters) -> list[Row]:
    parameter = next((one for one in known if one.key == key), None)
    if parameter is None:
        raise _refused(f"没有名为 {key} 的参数", f"there is no parameter {key}", key)
    if isinstance(body, dict):
        if body.get("unit", parameter.unit) != parameter.unit:
            raise _refused(f"{key} 的单位应为 {parameter.unit}", f"the unit of {key} is {parameter.unit}", key)
        if unknown := sorted(str(name) for name in body.keys() - {"title", "description", "unit", "rows"}):
            raise _refused(f"{key} 有未知字段：{'、'.join(unknown)}", f"unknown fields of {key}: {unknown}", key)
        body = body.get("rows")
    if not isinstance(body, list) or not body:
        raise _refused(f"{key} 没有行", f"{key} has no rows", key)
    if len(body) > MOST_ROWS:
        raise _refused(f"{key} 行数过多（至多{MOST_ROWS}行）", f"{key} has more than {MOST_ROWS} rows", key)
    found = [_row(key, number, one, parameter) for number, one in enumerate(body, 1)]
    try:
        Parameter(key=key, title="", description="", unit=parameter.unit, rows=tuple(found))
    except ValidationError as error:
        raise _refused(f"{key}：{_said(error)}", f"{key}: {_said(error)}", key) from None
    return found


def _row(key: str, number: int, said: Any, parameter: Parameter) -> Row:
    if not isinstance(said, dict):
        raise _refused(f"{key} 第{number}行不是一行参数", f"row {number} of {key} is no row", key)
    try:
        row = Row.model_validate({"source": {"document": "草案"}, "verified": False, **said})
    except ValidationError as error:
        raise _refused(f"{key} 第{number}行：{_said(error)}", f"row {number} of {key}: {_said(error)}", key) from None
    wrong = None if row.value is None else _misfit(row.value, parameter)
    if wrong is not None:
        raise _refused(f"{key} 第{number}行的值{wrong[0]}", f"the value of row {number} of {key} {wrong[1]}", key)
    return row


def _misfit(value: Value, parameter: Parameter) -> tuple[str, str] | None:
    """Why a value has not the shape of those in force, in Chinese and English."""
    shapes = [row.value for row in parameter.rows if row.value is not None]
    if shapes and not any(type(value) is type(shape) for shape in shapes):
        names = {str: ("单个值", "a single value"), tuple: ("列表", "a list"), dict: ("表", "a table")}
        zh, en = names[type(shapes[0])]
        return f"应为{zh}", f"is not {en}"
    if isinstance(value, dict):
        entries = {name for shape in shapes if isinstance(shape, dict) for name in shape}
        if unknown := sorted(value.keys() - entries) if entries else []:
            return f"有未知条目：{'、'.join(unknown)}", f"has unknown entries: {unknown}"
        return next((wrong for cell in value.values() if (wrong := _unlike(cell, parameter.unit))), None)
    return _unlike(value, parameter.unit)


def _unlike(cell: str | tuple[str, ...], unit: Unit) -> tuple[str, str] | None:
    if isinstance(cell, tuple):
        return next((wrong for one in cell if unit == "dates" and (wrong := _unlike(one, "date"))), None)
    if unit in _WHOLE and not (cell.isdecimal() and cell.isascii() and len(cell) < 10):
        return f"应为整数：{cell[:40]}", f"is no whole number: {cell[:40]}"
    if unit in _FIGURES and not _FIGURE.fullmatch(cell):
        return f"应为数字：{cell[:40]}", f"is no figure: {cell[:40]}"
    if unit == "flag" and cell not in ("true", "false"):
        return "应为 'true' 或 'false'", "is neither 'true' nor 'false'"
    if unit == "date":
        try:
            dt.date.fromisoformat(cell)
        except ValueError:
            return f"应为日期：{cell[:40]}", f"is no date: {cell[:40]}"
    return None


def _with(parameter: Parameter, drafted: Sequence[Row]) -> Parameter:
    """A parameter with draft rows in the place of those in force of the same scope, which go on behind the draft's end."""
    if not drafted:
        return parameter
    of_scope: defaultdict[str, list[Row]] = defaultdict(list)
    for row in sorted(drafted, key=lambda one: one.valid_from):
        always = {"valid_from": ALWAYS, "published": ALWAYS} if not of_scope[str(row.scope)] else {"published": ALWAYS}
        of_scope[str(row.scope)].append(row.model_copy(update=always))
    kept: list[Row] = []
    for row in parameter.rows:
        instead = of_scope.get(str(row.scope))
        if instead is None:
            kept.append(row)
            continue
        end = instead[-1].valid_to
        if end is not None and (row.valid_to is None or row.valid_to > end):
            kept.append(row.model_copy(update={"valid_from": max(row.valid_from, end + _DAY)}))
    rows = (*kept, *(row for several in of_scope.values() for row in several))
    return parameter.model_copy(update={"rows": rows})


def _said(error: ValidationError) -> str:
    first = error.errors(include_url=False, include_input=False)[0]
    at = ".".join(str(part) for part in first["loc"])
    return f"{at}: {first['msg']}" if at else str(first["msg"])


def _refused(zh: str, en: str, key: str | None = None) -> RuleBroken:
    return RuleBroken("draft-refused", zh, en, about=[key] if key else [])
