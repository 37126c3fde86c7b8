"""Floor 1: the official metrics as pure functions of gold and predictions; no files, no models."""
