"""What the gateways say later of the messages that they accepted."""
