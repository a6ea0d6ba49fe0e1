"""Trials taken forward, some facts at a time."""

from __future__ import annotations

from services.insurance.trials.commands import STAGES, TRIAL
from shared.trials.work import trial_work

take_step = trial_work(TRIAL, STAGES)
