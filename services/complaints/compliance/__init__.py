"""What the data of platforms shows: pay held against the minimum wage."""
