"""Floor 4: what a batch is made of. Masking for language modelling and, with several tasks, their rates."""
