"""Explaining a number: the workouts without which it would be another one."""
