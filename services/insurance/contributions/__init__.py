"""What was paid in for persons and for bills, as the province tells it (社会保险法 art. 74)."""
