"""Receipts: what gateways say later of the messages that they took, be it brought by them or asked for where it does not come."""
