"""Evidence that may be lost is registered and kept where it is (先行登记保存), for seven days at most (行政处罚法 art. 56)."""
