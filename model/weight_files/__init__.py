"""The files that weights are kept in: a pair of them, each with the same card.

In: a path, of either file. Out: a `Card`, and tensors to train on with (`NAME.safetensors`) or a
graph to predict with (`NAME.onnx`), both checked against the digests that they carry. Knows nothing
of networks, and needs neither torch nor onnx.
"""
