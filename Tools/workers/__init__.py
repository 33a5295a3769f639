"""What check_worker.py consists of."""
