"""Collective contracts, copied from the registry: the pay they agree on and whom they bind (劳动合同法 arts. 54, 55)."""
