"""What one can do. One file per noun; each command reads the shelf, lets the records refuse, returns a ChangeSet."""
