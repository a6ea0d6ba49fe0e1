"""`python -m services.complaints`."""

from services.complaints.app import service
from shared.main import main

main(service)
