"""The local token issuer."""
