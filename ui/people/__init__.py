"""名册: who lives and works here, found by initials, kept with as little as the evening needs."""
