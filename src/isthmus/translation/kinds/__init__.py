"""The kinds of translator, one a file."""
