"""Where our records and the province's differ, from the finding to the end."""
