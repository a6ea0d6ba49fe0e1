"""The line to the gateways, and the app's push service: how they are called, and what their answers mean."""
