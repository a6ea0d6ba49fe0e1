"""Parties ask that an officer stays away from their matter, and another officer decides it (行政处罚法 art. 43; 劳动保障监察条例
art. 16; 劳动争议调解仲裁法 art. 33)."""
