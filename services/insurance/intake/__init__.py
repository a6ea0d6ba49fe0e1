"""What one event of the registry sets in motion in several capabilities, in one transaction."""
