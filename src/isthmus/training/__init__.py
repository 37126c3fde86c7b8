"""Floor 5: one training loop, its batches, optimiser and checkpoints."""
