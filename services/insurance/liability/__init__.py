"""Who bears what an injury costs, the fund or the employer (社会保险法 art. 41; 工伤保险条例 art. 17(4), 62)."""
