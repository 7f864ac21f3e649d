"""Parts that screens are made of; none holds a rule or touches the ledger."""
