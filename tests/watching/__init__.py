"""What is looked at while services run inside tests."""
