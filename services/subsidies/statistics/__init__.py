"""How many applications are on file, for the report of the whole city."""
