"""Measures how well the assistant understands. Never used for training."""
