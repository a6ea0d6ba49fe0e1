"""Training certificates and subsidies."""
