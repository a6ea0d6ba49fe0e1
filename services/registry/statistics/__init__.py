"""How many workers, enterprises and engagements are on file, for the report of the whole city."""
