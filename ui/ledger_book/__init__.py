"""台账: lists, returns, and what stands behind each figure."""
