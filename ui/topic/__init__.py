"""议题: the pool, one topic with its life, and noting a new one in three fields."""
