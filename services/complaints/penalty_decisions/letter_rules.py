"""What a decision letter contains (行政处罚法 art. 59): it is checked whole before it is signed."""

from __future__ import annotations

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
    missing = [name for name, value in said.items() if value is None]
    if missing:
        raise RuleBroken(
            "letter-incomplete",
            f"行政处罚决定书缺少：{'、'.join(missing)}",
            "the decision letter lacks what it must contain",
            missing=missing,
        )
