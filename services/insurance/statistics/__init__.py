"""How many are enrolled, what the premiums come to, and how many claims were filed, for the report of the whole city."""
