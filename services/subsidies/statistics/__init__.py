"""The service's figures: of the report, and applications by month, district, kind and state."""
