"""Recording when a claim's letters were served, on each party for itself (工伤保险条例 art. 20, 25; 民事诉讼法 ch. 7)."""
