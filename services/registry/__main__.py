"""`python -m services.registry`."""

from services.registry.app import service
from shared.main import main

main(service)
