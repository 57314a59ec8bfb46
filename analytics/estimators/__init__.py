"""Estimators: what the next session will bring. Each one behind the same Protocol, each with a published backtest."""
