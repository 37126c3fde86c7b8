"""Floor 5: predictions, baselines and scores."""
