"""Working hours of employees: leads on overtime and on weeks without a day of rest (劳动法 art. 36, 38, 41)."""
