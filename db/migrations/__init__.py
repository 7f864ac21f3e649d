"""The steps by which a home grows from one version to the next."""
