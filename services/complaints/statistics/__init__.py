"""How many complaints and leads are on file, for the report of the whole city."""
