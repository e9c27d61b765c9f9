"""People's answered drawings in, weights that go on from others out.

In: drawings with what their authors say they show, as plain data (`answered`), whoever kept them;
a folder of pictures becomes that in `picture_folders`. Out: a whole pair of weights with its card
(`candidate`). `lessons` makes batches of drawings and of what must not be forgotten, `going_on`
takes the steps. Knows nothing of a store.
"""
