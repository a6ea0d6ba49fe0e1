"""The SMS providers: whom a message goes through, how each is called, and when one has had enough."""
