"""Enterprises: who the platforms are, and in which premium class they deliver."""
