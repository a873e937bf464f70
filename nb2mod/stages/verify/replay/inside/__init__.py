"""What runs inside the notebook's kernel: recording of calls, and making them again. Loaded there from source by `loading`.

Standard library only, Python 3.8 and later, nothing of nb2mod outside this folder: kernels have an environment of their own.
numpy, pandas, matplotlib and IPython are looked up where the notebook has loaded them, never imported.
"""
