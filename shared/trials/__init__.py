"""Trials: recorded months reckoned again under draft parameters, beside those in force, before anybody decrees them."""
