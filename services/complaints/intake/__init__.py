"""What one event or request sets in motion in several capabilities."""
