"""Dated parameters of the law, and the calendar of working days."""
