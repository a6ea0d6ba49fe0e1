"""HTTP: the app, who calls and what they may see, problems, paging, idempotency keys, files and tables."""
