"""The months for which an employer owes its employees' five insurances, and what they come to (社会保险法 art. 58, 60 to 63, 86)."""
