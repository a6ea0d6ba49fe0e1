"""The container image: built, run and measured without a daemon."""
