"""Compares this library with its peers on one machine: modules of `benchmark_peers.py`."""
