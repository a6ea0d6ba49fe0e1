"""Deliveries: one message to one recipient, from the event that made it to its receipt; none is lost, none sent twice."""
