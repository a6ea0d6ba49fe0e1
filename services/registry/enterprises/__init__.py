"""Enterprises: who the platforms, partner firms and dispatch agencies are, and in which premium class platforms deliver."""
