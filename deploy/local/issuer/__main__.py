"""`python -m deploy.local.issuer`."""

from deploy.local.issuer.app import main

main()
