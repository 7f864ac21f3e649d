"""工作台: the first page, what to do now and what to watch."""
