"""What the rows of a sheet of applications say: each is answered by its cells, and a bad one stops no good one."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Literal

from services.subsidies.flexible.rules import MOST_MONTHS
from shared.identity.regions import CITY, REGIONS
from shared.policy.calendar import months_between
from shared.sheets.cells import FORMULA, Cell, Fault, NotReadable, cell_name, text_of

MOST_ROWS: Final = 20_000
LONGEST: Final = 128

Says = Literal["worker", "name", "district", "account", "bank_code", "month", "day", "word", "text"]
"""What a column says: a worker's id, a name, a district, an account, a bank's 12 digits, a legal month or day, one of some words,
or a text."""

PATTERNS: Final[Mapping[Says, re.Pattern[str]]] = {
    "worker": re.compile(r"[0-9A-Za-z-]{3,64}"),
    "account": re.compile(r"[0-9]{8,30}"),
    "bank_code": re.compile(r"[0-9]{12}"),
    "month": re.compile(r"20[0-9]{2}-(0[1-9]|1[0-2])"),
    "name": re.compile(r".{1,60}"),
}
WRONG: Final[Mapping[Says, tuple[str, str]]] = {
    "worker": ("不是人员编号", "not a worker's id"),
    "name": ("内容有误或过长", "not a name, or longer than 60 signs"),
    "district": ("应为德阳市区县的名称或者代码", "not a district of Deyang by its name or code"),
    "account": ("银行账号应为8至30位数字", "an account is 8 to 30 digits"),
    "bank_code": ("联行号应为12位数字", "the code of a bank is 12 digits"),
    "month": ("月份应为 2026-09 的形式", "a month is written as 2026-09"),
    "day": ("日期应为 2026-09-30 的形式", "a day is written as 2026-09-30"),
    "word": ("不是可填写的内容", "none of the words that may stand here"),
    "text": ("内容有误或过长", "not a text, or too long"),
}


DISTRICTS: Final[Mapping[str, str]] = {
    said: one.code
    for one in REGIONS.values()
    if one.until is None and one.code != CITY
    for said in (one.code, one.name)
}
"""The districts of today by code and by name."""
YES: Final[Mapping[str, Any]] = {"是": True, "否": False}
GROUPS: Final[Mapping[str, Any]] = {
    "就业困难人员": "hard_to_employ",
    "离校两年内未就业高校毕业生": "graduate_within_two_years",
}
RECEIVES: Final[Mapping[str, Any]] = {
    "无": [],
    "用人单位社会保险补贴": ["employer_subsidy"],
    "失业保险金": ["unemployment_benefit"],
    "公益性岗位补贴": ["public_post_subsidy"],
}
RETIREMENT: Final[Mapping[str, Any]] = {"女干部": "female_cadre", "女工人": "female_worker"}
WRONG_MONTHS: Final = (
    f"截止月份不能早于起始月份，一次最多{MOST_MONTHS}个月",
    f"from the first to the last month, at most {MOST_MONTHS} of them",
)
WORDS: Final[Mapping[str, Mapping[str, Any]]] = {
    "public_pension": YES,
    "pledge": YES,
    "group": GROUPS,
    "receives": RECEIVES,
    "retirement_group": RETIREMENT,
}
"""The words that may stand in a column, by its field, and what each is to the kind."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the form: its heading, the field that it fills, what it says, and whether each row must fill it."""

    heading: str
    field: str
    says: Says
    needed: bool = True


@dataclass(frozen=True, slots=True)
class Form:
    """The columns of the sheet for one kind of application: whose row it is (`PERSON`), and what the kind asks (`stated`)."""

    kind: str
    stated: tuple[Column, ...]

    @property
    def columns(self) -> tuple[Column, ...]:
        return PERSON + self.stated


PERSON: Final = (
    Column("人员编号", "worker_id", "worker"),
    Column("姓名", "name", "name"),
    Column("区县", "district", "district"),
    Column("委托书编号", "mandate", "name"),
    Column("委托书截止日期", "mandate_until", "day"),
    Column("收款户名", "payee_name", "name"),
    Column("银行账号", "payee_account", "account"),
    Column("开户行", "payee_bank", "name", needed=False),
    Column("联行号", "payee_bank_code", "bank_code", needed=False),
)
"""Who applies and where, by which mandate it is filed for them, and whose account is paid into."""

FORMS: Final[Mapping[str, Form]] = {
    one.kind: one
    for one in (
        Form(
            "training",
            (
                Column("证书编号", "certificate_number", "text"),
                Column("参加机关事业单位养老保险", "public_pension", "word", needed=False),
            ),
        ),
        Form("skill", (Column("证书编号", "certificate_number", "text"),)),
        Form(
            "flexible",
            (
                Column("人员类别", "group", "word"),
                Column("起始月份", "first", "month"),
                Column("截止月份", "last", "month"),
                Column("已签灵活就业承诺书", "pledge", "word"),
                Column("正在享受的待遇", "receives", "word", needed=False),
                Column("毕业日期", "graduated_on", "day", needed=False),
                Column("退休类别（女）", "retirement_group", "word", needed=False),
            ),
        ),
    )
}
"""The kinds that are applied for by a sheet. Those whose rows would say that somebody is disabled, ill or poor are not: each person
files these, or has somebody file them one by one."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A row that says everything, in its line of the sheet (2 is the first below the heading)."""

    line: int
    cell: str
    values: Mapping[str, str] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Refused:
    """A row that cannot be used, with every bad cell of it."""

    line: int
    faults: tuple[Fault, ...]


def stated(values: Mapping[str, str], form: Form) -> dict[str, Any]:
    """What a row states, as its kind asks."""
    said = {one.field: values[one.field] for one in form.stated if one.field in values}
    return {name: WORDS[name][text] if name in WORDS else text for name, text in said.items()}


def read(lines: Sequence[Sequence[Cell]], form: Form) -> list[Asked | Refused]:
    """What each row below the heading says; raises NotReadable where the sheet is empty or lacks a column."""
    if len(lines) < 2:
        raise NotReadable("sheet-empty", "表格为空", "the sheet is empty")
    headings = [text_of(cell) or "" for cell in lines[0]]
    lacking = [one.heading for one in form.columns if one.needed and one.heading not in headings]
    if lacking or len(set(filter(None, headings))) < len([one for one in headings if one]):
        wanted = "、".join(lacking) or "列名重复"
        raise NotReadable(
            "sheet-columns", f"表格缺少列或列名重复：{wanted}", "the sheet lacks columns, or has one twice"
        )
    places = {one: headings.index(one.heading) for one in form.columns if one.heading in headings}
    found: list[Asked | Refused] = []
    first: dict[tuple[str, ...], str] = {}
    for number, line in enumerate(lines[1:], 2):
        if all(cell is None or cell == "" for cell in line):
            continue
        row = _row(number, line, places)
        if isinstance(row, Asked):
            same = tuple(f"{name}={value}" for name, value in sorted(row.values.items()))
            if same in first:
                zh, en = f"与{first[same]}行内容相同，只提交一次", f"the same as {first[same]}, submitted once"
                row = Refused(number, (Fault(row.cell, zh, en),))
            else:
                first[same] = row.cell
        found.append(row)
    return found


def _row(number: int, line: Sequence[Cell], places: Mapping[Column, int]) -> Asked | Refused:
    values: dict[str, str] = {}
    faults: list[Fault] = []
    for column, place in places.items():
        text = text_of(line[place]) if place < len(line) else ""
        fault = _fault(column, text)
        if fault is not None:
            faults.append(Fault(cell_name(place, number), *fault))
        elif text:
            values[column.field] = text
    if not faults and not _in_order(values):
        last = next(place for column, place in places.items() if column.field == "last")
        faults.append(Fault(cell_name(last, number), *WRONG_MONTHS))
    if faults:
        return Refused(number, tuple(faults))
    return Asked(number, cell_name(min(places.values()), number), values)


def _fault(column: Column, text: str | None) -> tuple[str, str] | None:
    """What is wrong with the text of a cell (None: a number that lost digits, or no text at all)."""
    if text == "":
        return ("该项未填写", "nothing stands here") if column.needed else None
    pattern = PATTERNS.get(column.says)
    if text is None or len(text) > LONGEST or FORMULA.match(text):
        return WRONG[column.says]
    if pattern is not None and not pattern.fullmatch(text):
        return WRONG[column.says]
    if column.says == "word":
        return None if text in WORDS[column.field] else (f"应填写：{'、'.join(WORDS[column.field])}", WRONG["word"][1])
    if column.says == "district":
        return None if text in DISTRICTS else WRONG["district"]
    return WRONG["day"] if column.says == "day" and not _is_day(text) else None


def _in_order(values: Mapping[str, str]) -> bool:
    """Whether the months asked for, where there are any, are as many as one application may name."""
    if "first" not in values:
        return True
    return 0 < len(months_between(values["first"], values["last"])) <= MOST_MONTHS


def _is_day(text: str) -> bool:
    try:
        return len(text) == len("2026-09-30") and dt.date.fromisoformat(text).year >= 2000
    except ValueError:
        return False
