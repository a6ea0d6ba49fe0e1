"""`python -m services.subsidies`."""

from services.subsidies.app import service
from shared.main import main

main(service)
