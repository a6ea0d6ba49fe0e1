"""What a decision letter (行政处罚法 art. 59) and an advance notice (art. 44) contain: each is checked whole before it is given."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from shared.errors import RuleBroken


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """What a decision letter says beside its text, what is imposed and by which articles, and its days: the party by name and address,
    how it pays, to whom it may apply for review and where it may sue, and in whose name it is decided. None: not said."""

    party: str | None = None
    address: str | None = None
    pay_to: str | None = None
    review_body: str | None = None
    court: str | None = None
    authority: str | None = None

    @property
    def read(self) -> list[str]:
        """What the party reads of it."""
        said = (self.party, self.address, self.pay_to, self.review_body, self.court, self.authority)
        return [one for one in said if one is not None]


NO_LETTER: Final = Letter()


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeWords:
    """What an advance notice says beside its text and what is intended: the party, where and how it states, defends and asks for a
    hearing, and in whose name it is told. None: not said."""

    party: str | None = None
    speak_to: str | None = None
    authority: str | None = None

    @property
    def read(self) -> list[str]:
        """What the party reads of it."""
        return [one for one in (self.party, self.speak_to, self.authority) if one is not None]


def party(known: str | None, written: str | None) -> str | None:
    """Whom a decision letter names: the party as it is known, which an officer need not write, else as they wrote it (行政处罚法
    art. 59: 当事人的姓名或者名称). Raises RuleBroken where they wrote another name than is known."""
    if known is None:
        return written
    if written is not None and _alike(written) != _alike(known):
        raise RuleBroken(
            "party-differs",
            "决定书载明的当事人名称与登记的名称不一致，请核对后以登记的名称为准，或者留空",
            "the letter names another party than is registered under this code",
        )
    return known


def _alike(name: str) -> str:
    """A name without blanks, and with brackets as they are in either width."""
    return "".join(unicodedata.normalize("NFKC", name).split())


def check_whole(letter: Letter, *, pays: bool, evidence: bool) -> None:
    """Raise RuleBroken for a letter that lacks something, and name all of that. `pays`: something is to be paid; `evidence`: files
    that it rests on are named. Facts, kind, articles and the days are of the decision itself."""
    said = {
        "当事人名称": letter.party,
        "当事人地址": letter.address,
        "证据": evidence or None,
        "履行方式": letter.pay_to if pays else "",
        "行政复议机关": letter.review_body,
        "管辖法院": letter.court,
        "作出决定的行政机关": letter.authority,
    }
    _check_said(said, "行政处罚决定书", "the decision letter")


def check_notice_whole(words: NoticeWords) -> None:
    """Raise RuleBroken for an advance notice that lacks something, and name all of that (行政处罚法 art. 44, 45): who is told, by
    whom, and where it is heard. Facts, grounds, what is intended and the term are of the notice itself."""
    said = {
        "当事人名称": words.party,
        "陈述、申辩和要求听证的途径": words.speak_to,
        "告知的行政机关": words.authority,
    }
    _check_said(said, "行政处罚事先告知书", "the advance notice")


def _check_said(said: Mapping[str, str | bool | None], zh: str, en: str) -> None:
    missing = [name for name, value in said.items() if value is None]
    if missing:
        raise RuleBroken(
            "letter-incomplete",
            f"{zh}缺少：{'、'.join(missing)}",
            f"{en} lacks what it must contain",
            missing=missing,
        )
