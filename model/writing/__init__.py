"""A whole drawing to the text that is written on it, and how sure that is.

In: a picture, or strokes. Out: a `Reading`: text, probability, and each of its characters. `beam`
finds texts that the networks may mean, `paths` says how probable each is and where its characters
lie, `scores` puts both networks and the prior together, `scoring` has the fitted numbers for that,
`placed_characters` cuts the text, `reader` is the way in.
"""
