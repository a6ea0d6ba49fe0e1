"""Example clients that push a file of events."""
