"""Personal data with its telling part taken out, for answers, messages and logs that need not have it whole."""

import re
from typing import Final

# The compound surnames that are common enough to be met.
_COMPOUND_SURNAMES: Final = frozenset(
    {
        "欧阳",
        "上官",
        "司马",
        "诸葛",
        "司徒",
        "东方",
        "皇甫",
        "尉迟",
        "公孙",
        "慕容",
        "令狐",
        "宇文",
        "长孙",
        "夏侯",
        "轩辕",
        "南宫",
        "独孤",
        "端木",
        "申屠",
        "淳于",
        "单于",
        "太史",
        "闻人",
        "澹台",
        "公冶",
        "濮阳",
        "拓跋",
        "呼延",
        "百里",
    }
)

# No digit may stand beside a number, or any long number would be cut up. An id number must bear a possible date, so
# that other numbers of its length (order numbers, bank transfers) stay readable in a log.
_DATE: Final = r"(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])"
_PERSONAL: Final = re.compile(
    rf"""(?<![0-9])(?:
        (?P<id>[1-9][0-9]{{5}}(?:(?:19|20)[0-9]{{2}}{_DATE}[0-9]{{3}}[0-9Xx]|[0-9]{{2}}{_DATE}[0-9]{{3}}))
        |(?P<country>(?:\+|00)?86[-\s]?)?(?P<phone>1[3-9][0-9][-\s]?[0-9]{{4}}[-\s]?[0-9]{{4}})
    )(?![0-9])""",
    re.VERBOSE,
)

# What every match has in it. Most text has none, and this search is twenty times as fast.
_CANDIDATE: Final = re.compile(r"[0-9]{3}[-\s]?[0-9]{4}")


_CODE: Final = re.compile(r"[a-z][a-z_]{0,39}")


def code_in(reason: str) -> str:
    """Another system's reason as it may travel: a code; `other` stands for a text, which might name somebody."""
    return reason if _CODE.fullmatch(reason) else "other"


def mask_id(number: str) -> str:
    """First four and last four characters of an id number; all of a shorter text is hidden."""
    return _keep(number, 4, 4)


def mask_phone(number: str) -> str:
    """First three and last four digits of a phone number; all of a shorter text is hidden."""
    return _keep(number, 3, 4)


def mask_email(address: str) -> str:
    """First character of the name and all of the domain of an e-mail address."""
    name, at, domain = address.rpartition("@")
    return _keep(name, 1, 0) + at + domain


def mask_bank_account(number: str) -> str:
    """Last four digits of an account; all of a shorter text is hidden."""
    return _keep(number, 0, 4)


def mask_name(name: str) -> str:
    """The surname of a Chinese name, otherwise the first character; a name of one character is hidden."""
    if len(name) < 2:
        return "*" * len(name)
    return _keep(name, 2 if len(name) > 2 and name[:2] in _COMPOUND_SURNAMES else 1, 0)


def mask_text(text: str) -> str:
    """Any text with id numbers (of 18 and of 15 digits) and mobile numbers in it masked, wherever they stand."""
    return _PERSONAL.sub(_mask_match, text) if _CANDIDATE.search(text) else text


def _mask_match(match: re.Match[str]) -> str:
    if match["id"] is not None:
        return mask_id(match["id"])
    return (match["country"] or "") + mask_phone(re.sub(r"[-\s]", "", match["phone"]))


def _keep(text: str, first: int, last: int) -> str:
    hidden = len(text) - first - last
    if hidden <= 0:
        return "*" * len(text)
    return text[:first] + "*" * hidden + text[len(text) - last :]
