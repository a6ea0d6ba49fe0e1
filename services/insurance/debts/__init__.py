"""Money that is owed back: instalments, and the end of the efforts, of recourse and of recoveries alike."""
