"""Sheets that people send in, as Excel or CSV: read in a process of their own, every fault by its cell."""
