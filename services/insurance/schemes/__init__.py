"""An officer corrects under which insurance an accident falls, before it is decided (办法（试行） art. 2; 工伤保险条例 art. 2, 18)."""
