"""Which procedures a claim is in: labour inspection or a dispute before a body that decides (劳动保障监察条例 art. 21)."""
