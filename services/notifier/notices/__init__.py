"""Who hears what of which event, and in which words: rows of data, checked when they are read."""
