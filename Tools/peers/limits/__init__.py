"""What the machine can do at most."""
