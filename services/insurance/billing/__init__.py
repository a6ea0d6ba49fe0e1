"""A platform's premium by the month: bills, their payments, reminders and late fees (社会保险法 art. 86)."""
