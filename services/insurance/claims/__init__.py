"""Claims: an accident that was reported, its state and terms, and what each party sees of it (工伤保险条例 ch. 3; 办法（试行）)."""
