"""Whom complaints and leads are about: copies of what the registry tells of engagements and enterprises."""
