"""Who can be reached how, and who a platform's worker is: copies of the registry's facts, devices and preferences."""
