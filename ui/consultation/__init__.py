"""会场: the live desk, its columns, and the way from the last word to the signed paper."""
