"""The sample service as a process of its own: `python -m tests.integration.chassis.sample_process`."""

from shared.main import main
from tests.integration.chassis.sample import SERVICE

if __name__ == "__main__":
    main(SERVICE)
