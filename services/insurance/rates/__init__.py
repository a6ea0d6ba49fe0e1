"""What an order costs a platform: rates and classes by day, and the terms kept in memory (95 号 art. 9; 办法（试行）)."""
