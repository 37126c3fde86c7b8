"""Floor 2: where examples come from. A source lists languages and reads rows; it knows no task, no model and no study."""
