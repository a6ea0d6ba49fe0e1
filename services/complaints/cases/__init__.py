"""Complaints and reports, from filing to acceptance or refusal."""
