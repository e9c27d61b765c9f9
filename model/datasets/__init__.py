"""Public sets of scanned characters, as tensors.

In: the folder that `DATA_DIR` names, or the network. Out: ink uint8 (N, 28, 28) with its labels, or
`DatasetError` that names the file.
"""
