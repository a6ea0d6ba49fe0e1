"""`python -m services.complaints`."""

from services.complaints.draws.verification import DRAW
from shared.commands import run_if_asked

run_if_asked("complaints", DRAW)

from services.complaints.app import service  # noqa: E402 - who verifies a draw need not load the service
from shared.main import main  # noqa: E402

main(service)
