"""Workers: one person, one record, through however many platforms they work."""
