"""How pages say things: shares, names, sentences.

In: numbers and the store's words. Out: text. No widgets.
"""
