"""What the demo shows while it runs: a live line on a terminal, plain lines elsewhere."""

from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

PLAIN_EVERY = 5_000


class Display:
    """Says which step is under way, how many events have been pushed, and what the services still have to do."""

    def __init__(self, console: Console, total: int) -> None:
        self.console, self.total, self.pushed, self.said = console, total, 0, 0
        self.bar = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            TextColumn("[dim]{task.fields[note]}"),
            console=console,
            transient=True,
            disable=not console.is_terminal,
        )
        self.task = self.bar.add_task("", total=total, note="")

    def step(self, text: str) -> None:
        """A new step begins."""
        self.bar.update(self.task, description=text, note="")
        self.console.print(text, style="bold")

    def push(self, count: int) -> None:
        """So many more events have been pushed."""
        self.pushed += count
        self.bar.update(self.task, completed=self.pushed)
        if not self.console.is_terminal and (self.pushed - self.said >= PLAIN_EVERY or self.pushed == self.total):
            self.said = self.pushed
            self.console.print(f"  {self.pushed} of {self.total} events pushed")

    def note(self, text: str) -> None:
        """What the services still have to do; shown on a terminal alone."""
        self.bar.update(self.task, note=text)


@contextmanager
def display(console: Console, total: int) -> Iterator[Display]:
    """A display for a run that pushes `total` events."""
    shown = Display(console, total)
    with shown.bar:
        yield shown
