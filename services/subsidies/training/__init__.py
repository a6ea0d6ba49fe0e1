"""The training subsidy, from application to decision."""
