"""Webhooks: a platform's own systems hear of the events that concern it, signed, in order, and never twice lost."""
