"""Who can be reached how, and who a platform's worker is: copies of other services' facts, addresses that people tell, devices and
preferences."""
