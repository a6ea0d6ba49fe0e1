"""What an application rests on, and what follows from it, as values that are stored, exported and calculated again."""
