"""The messages that the stand-ins for the SMS providers took, and how their texts come about."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from string import Template
from typing import Any
from zoneinfo import ZoneInfo

import yaml

from deploy.sandbox.memory import Memory

SHANGHAI = ZoneInfo("Asia/Shanghai")
WAITING, FAILED, DELIVERED = 1, 2, 3


class Refused(ValueError):
    """A request that a provider answers with a code of its own."""

    def __init__(self, code: str, text: str) -> None:
        super().__init__(text)
        self.code = code


@dataclass
class Sms:
    """One message that a provider took; `number` is its own for it, `out_id` ours. `reported_at`: when its report is made;
    `forgotten`: who asks is not told of it."""

    provider: str
    phone: str
    text: str
    template: str
    out_id: str
    number: str
    at: datetime = field(default_factory=lambda: datetime.now(SHANGHAI))
    status: int = WAITING
    reported_at: datetime | None = None
    forgotten: bool = False

    @property
    def day(self) -> str:
        """The day on which it was taken, as `SendDate` names it."""
        return self.at.strftime("%Y%m%d")

    def shown(self) -> dict[str, Any]:
        """For the inbox and for tests."""
        return {
            "at": self.at.isoformat(),
            "provider": self.provider,
            "phone": self.phone,
            "text": self.text,
            "template": self.template,
            "out_id": self.out_id,
            "number": self.number,
            "status": self.status,
        }


class Messages:
    """All messages, of whatever provider, and the texts of the templates by code (None: any template is known)."""

    def __init__(self, templates: dict[str, str] | None) -> None:
        self.templates, self.taken = templates, Memory[Sms]()

    def take(self, sms: Sms) -> None:
        """Keep a message."""
        self.taken.put(f"{sms.provider} {sms.number}", sms)

    def of(self, provider: str) -> list[Sms]:
        """The messages of one provider, the newest first."""
        return [sms for sms in reversed(self.taken.entries.values()) if sms.provider == provider]

    def shown(self, phone: str | None = None) -> list[dict[str, Any]]:
        """The messages to one phone, or all."""
        return [sms.shown() for sms in self.taken.entries.values() if phone in (None, sms.phone)]


def load_templates(folder: Path) -> dict[str, str] | None:
    """Template texts by code, with `${name}` where a parameter goes, from the rows of a folder; None where there is none."""
    if not folder.is_dir():
        return None
    rows = [yaml.safe_load(file.read_text(encoding="utf-8")) for file in sorted(folder.glob("*.yaml"))]
    by_code = {code: row for file in rows for code, row in file.items() if isinstance(row, dict)}
    several = {f"{code}_several": row["several"] for code, row in by_code.items() if "several" in row}
    return {code: row["text"] for code, row in by_code.items()} | several


def numbered(templates: Iterable[str]) -> str:
    """YAML that gives each template (code) a number, as one provider does who knows them by that alone."""
    return "".join(f"{code}: {number}\n" for number, code in enumerate(sorted(templates), 1_000_001))


def places(text: str) -> list[str]:
    """The names of the places of a text, in its order."""
    return Template(text).get_identifiers()


def filled(sign: str, text: str, parameters: Mapping[str, str]) -> str:
    """The text that the phone shows; raises KeyError where a parameter is missing."""
    return f"【{sign}】{Template(text).substitute(parameters)}"


def joined(sign: str, code: str, parameters: Iterable[str]) -> str:
    """The text of a template that is not known."""
    return f"【{sign}】{code} {' '.join(parameters)}"


def parts(text: str) -> int:
    """How many messages a text is charged as: one up to 70 characters, otherwise one per 67."""
    return 1 if len(text) <= 70 else math.ceil(len(text) / 67)
