"""Evidence of a matter: files with their hash, and which party may see each (劳动保障监察条例 art. 15; 行政处罚法 art. 46)."""
