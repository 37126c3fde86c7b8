"""Changes that make a trained model cheaper, one a file, each exporting CHANGE."""
