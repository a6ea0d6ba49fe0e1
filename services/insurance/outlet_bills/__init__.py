"""What an outlet's insurer owes a month: the bill, its payments, reminders and late fee (社会保险法 art. 60, 86)."""
