"""The tax office, which levies what bills and declarations come to: told, answered, paid, compared daily (征缴条例 art. 6, 11, 15)."""
