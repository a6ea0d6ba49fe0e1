"""Whom complaints and leads are about: copies of the registry's engagements and enterprises."""
