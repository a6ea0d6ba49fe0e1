"""How Xindun is put to work: on one machine, and the stand-ins for the outside world."""
