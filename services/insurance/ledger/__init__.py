"""The premium ledger: every order charged once, and what corrects it (95 号 art. 9; 办法（试行）)."""
