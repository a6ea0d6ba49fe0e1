"""Trials of draft parameters over HTTP."""

from __future__ import annotations

from services.insurance.trials.commands import STAGES, TRIAL
from shared.trials.api import trial_router

router = trial_router(TRIAL, STAGES)
