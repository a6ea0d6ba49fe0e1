"""`python -m services.notifier`."""

from services.notifier.app import service
from shared.main import main

main(service)
