"""What a platform's developers need on the first day: `README.md`, a check of their events, clients in four languages."""
