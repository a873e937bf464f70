"""STAGES: each takes data and gives data; none knows another. Only `pipeline.py` knows their order."""
