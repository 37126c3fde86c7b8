"""Floor 2: what is asked. A study file becomes one frozen Study, or one error that says file, line and key."""
