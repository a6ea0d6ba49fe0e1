"""What a day is given: the events that are pushed, and what is done over HTTP beside."""

from dataclasses import dataclass, replace
from pathlib import Path

from deploy.local.demo import calls, events, kinds, subsidies
from deploy.local.sample import generate

DISTRICT = "510603"
"""Whose people the broadcast goes to: 旌阳区."""
WHOLE_CASES = 3
APPLIES = "application"


@dataclass(frozen=True)
class Input:
    """What is pushed, and what is done over HTTP: by workers afterwards, by the platform that hears of events by webhook
    before, and by the officers who write to a district at last. The latter two where they are possible (`with_more`)."""

    events: list[events.Event]
    actions: list[calls.Action]
    listener: str | None = None
    district: str | None = None
    goes_on: bool = False

    def with_more(self, *, own_server: bool, broadcast: bool) -> "Input":
        """The same with a platform's own server and the days of public notices, which go on in a stack of one's own alone, and with a
        broadcast."""
        listener = events.listener(self.events) if own_server else None
        return replace(self, listener=listener, district=DISTRICT if broadcast else None, goes_on=own_server)

    @property
    def cases(self) -> list[calls.Action]:
        """The complaints that are brought to their decision: of the first people whom the input names."""
        people = events.people(self.events)[:WHOLE_CASES]
        return [{"kind": "whole_case", "platform": platform, "worker_ref": ref} for platform, ref in people]

    @property
    def skilled(self) -> calls.Action | None:
        """The first person with a training who applies for no training subsidy: for the skill subsidy, which is not had beside it."""
        identities = events.identities(self.events)
        applying = {
            identities.get((one["platform"], one["worker_ref"])) for one in self.actions if one["kind"] == APPLIES
        }
        for worker in events.trained(self.events) if self.goes_on else ():
            if identities.get(worker, None) not in (None, *applying):
                return {"platform": worker[0], "worker_ref": worker[1]}
        return None

    @property
    def all_actions(self) -> list[calls.Action]:
        """Everything that is done, for the reckoning."""
        more = [one | {"kind": "enforcement", "district": DISTRICT} for one in self.cases[:1]]
        more += [one | {"kind": "subsidies", "amount": subsidies.HELP} for one in self.cases[:1]]
        further = {"kind": "every_kind", "skilled": self.skilled, "goes_on": self.goes_on, "amount": kinds.FOR_SKILL}
        more += [one | further for one in self.cases[:1]]
        if self.listener is not None:
            more.append({"kind": "webhook", "platform": self.listener})
        if self.district is not None:
            more.append({"kind": "broadcast", "district": self.district})
        return self.actions + self.cases + more


def read_input(file: Path | None) -> Input:
    """The events of `file`, or the sample day with its actions. Raises BadInput for a file that cannot be read so."""
    if file is not None:
        return Input(events.read_events(file), [])
    sample = generate()
    return Input(sample.events, sample.actions)
