"""任务: what was promised, by when, and how it goes."""
