"""A sample day of four platforms: made up, the same for the same seed, with what goes wrong in life in it."""

from deploy.local.sample.generator import Sample, generate

__all__ = ["Sample", "generate"]
