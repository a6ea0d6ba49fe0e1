"""The system on one machine with Docker: what `compose.yaml` needs, its secrets and its check (README.md)."""
