"""公示: the notice with every mask, before it goes on the wall."""
