"""What check_differential.py consists of."""
