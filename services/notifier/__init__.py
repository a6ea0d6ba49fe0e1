"""Messages to people and platforms, each sent once, by SMS or through the app."""
