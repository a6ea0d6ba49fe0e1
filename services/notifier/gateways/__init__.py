"""The SMS gateway and the app's push service: how they are called, and what their answers mean."""
