"""Members that were tuned apart, and their vote: ink in, what each makes of it out.

In: a folder of ONNX graphs, each with its card, and `ensemble.json`, which says which belong
together. Out: probabilities of each member, and of all together. Knows neither how members are
trained nor by whom; no torch and no scikit-learn.
"""
