"""From the application to the acceptance of a claim (工伤保险条例 art. 17-18; 办法（试行）)."""
