"""设置: the few things a person may choose, and the first page of a new home."""
