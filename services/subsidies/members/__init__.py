"""Union members, copied from the registry: a union enrols those who have joined by their own word (工会法 art. 3)."""
