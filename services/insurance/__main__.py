"""`python -m services.insurance`."""

from services.insurance.app import service
from shared.main import main

main(service)
