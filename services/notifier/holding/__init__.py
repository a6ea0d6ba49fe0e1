"""Messages that a later event may take back: held for a while, and sent only where what they say still stands."""
