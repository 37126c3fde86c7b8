"""Floor 7: running a plan. The only place where work, will and evidence meet."""
