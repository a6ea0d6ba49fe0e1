"""Numbers and names that people and enterprises are known by: checked, read and masked."""
