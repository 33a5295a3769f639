"""What check_gpu.py consists of."""
