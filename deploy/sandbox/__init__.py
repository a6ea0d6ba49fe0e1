"""Stand-ins for the outside world, as real HTTP servers."""
