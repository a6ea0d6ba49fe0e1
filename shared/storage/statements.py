"""Counting what this process asks of its database: each statement is a journey over the network."""

from __future__ import annotations

from pymongo.monitoring import CommandFailedEvent, CommandListener, CommandStartedEvent, CommandSucceededEvent

from shared.telemetry import metrics


class StatementCounter(CommandListener):
    """Counts every command that the driver sends, by its name: `find`, `bulkWrite`, `commitTransaction` …"""

    def started(self, event: CommandStartedEvent) -> None:
        metrics.STATEMENTS.labels(event.command_name).inc()

    def succeeded(self, event: CommandSucceededEvent) -> None:
        pass

    def failed(self, event: CommandFailedEvent) -> None:
        pass
