"""What several rooms of subsidies hear of persons: mergers and erasures."""
