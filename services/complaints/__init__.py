"""Complaints, labour inspection and what the data shows of broken rules."""
