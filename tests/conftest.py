"""The servers that tests run against: started once, by the tests themselves."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from fnmatch import fnmatch
from pathlib import Path

import hypothesis
import pytest
import pytest_asyncio
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling
from xdist.workermanage import WorkerController

from deploy.local.apache import fetch_jars
from deploy.local.broker import broker_kind, embedded_broker
from deploy.local.child import StartError
from deploy.local.database import embedded_database
from shared.telemetry import traces
from tests.watching.queries import watch
from tests.watching.whole_run import is_whole, never_sent

traces.set_up("test")
# A group that rests makes a test wait for its first event.
os.environ.setdefault("KAFKA_REST_SECONDS", "0")
os.environ.setdefault("KAFKA_MOST_PARTITIONS", "2")  # events of two people overtake each other, as on a real broker
# Workers that run side by side look for free ports apart from each other: what one found is taken a little later.
if worker := os.environ.get("PYTEST_XDIST_WORKER"):
    first = 20_000 + int(worker.removeprefix("gw")) % 8 * 1_500
    os.environ["FREE_PORTS"] = f"{first}-{first + 1_499}"
# How long one example takes says nothing of a rule where other tests run beside it.
# A change passes or fails alike each time that it is checked; whoever works on it draws new examples, `search` many.
hypothesis.settings.register_profile("xindun", deadline=None, derandomize="CI" in os.environ)
hypothesis.settings.register_profile("search", deadline=None, max_examples=2000)
hypothesis.settings.load_profile("xindun")

STACKS = {
    "tests/end_to_end/articles": "articles",
    "tests/kit": "articles",
    "tests/end_to_end": "days",
    "tests/chaos": "days",
}
"""Folders whose tests run a whole stack, by what runs one after the other: so at most two stacks run at a time."""
SLOWEST_FIRST = (
    "tests/chaos/*",
    "tests/end_to_end/*",
    "*crashes.py",
    "*property.py",
    "*extreme_events.py",
    "tests/integration/*",
)


class Scheduling(LoadScopeScheduling):  # type: ignore[misc] # it has no types
    """Tests of one module run on one worker, one after the other, but where each kills processes of its own. Those that take long
    begin first."""

    def _split_scope(self, nodeid: str) -> str:
        module = nodeid.partition("::")[0]
        alone = nodeid if module.endswith("crashes.py") else module
        return next((name for folder, name in STACKS.items() if nodeid.startswith(folder)), alone)


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> Scheduling:
    config.option.loadscopereorder = False
    return Scheduling(config, log)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    if "PYTEST_XDIST_WORKER" in os.environ:
        items.sort(key=lambda item: _place(item.nodeid.partition("::")[0]))


def _place(module: str) -> int:
    return next((place for place, pattern in enumerate(SLOWEST_FIRST) if fnmatch(module, pattern)), len(SLOWEST_FIRST))


def pytest_testnodedown(node: WorkerController, error: object) -> None:
    watch.sent.update(getattr(node, "workeroutput", {}).get("queries", ()))


@pytest.hookimpl(tryfirst=True)
def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """A whole run fails where a query is listed that nobody has sent; workers only say what theirs was."""
    if "PYTEST_XDIST_WORKER" in os.environ:
        vars(session.config)["workeroutput"]["queries"] = sorted(watch.sent)
    elif exitstatus == 0 and watch.sent and is_whole(session.config) and (gone := never_sent(watch.sent)):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
        reporter = session.config.pluginmanager.getplugin("terminalreporter")
        reporter.write_line(f"\nqueries that nobody sends any more, so take them off the list: {gone}", red=True)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def mongo_uri(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[str]:
    """A database server for the whole run; each service under test has a database of its own in it."""
    if uri := os.environ.get("MONGO_URI"):
        yield uri
        return
    async with embedded_database(tmp_path_factory.mktemp("database") / "data") as uri:
        yield uri


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def broker_at_hand() -> None:
    """With BROKER=apache: skip where Apache Kafka cannot be had; not in CI, which insists on it."""
    if broker_kind() == "apache":
        try:
            await fetch_jars()
        except StartError as error:
            if "CI" in os.environ:
                raise
            pytest.skip(f"Apache Kafka cannot be had: {error}")


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def kafka_bootstrap(broker_at_hand: None, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[str]:
    """A broker for one test module, so that no module sees another's events."""
    async with embedded_broker(tmp_path_factory.mktemp("broker") / "data") as bootstrap:
        yield bootstrap


@pytest.fixture(scope="module")
def module_directory(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("module")
