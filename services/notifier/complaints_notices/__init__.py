"""Messages on complaints, to the complainant alone: a platform must not learn who complains."""
