"""Certificates: which person completed which course."""
