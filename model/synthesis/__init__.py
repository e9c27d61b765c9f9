"""Pictures made for training and measuring: of recorded strokes, and of what is no digit.

In: pen drawings, scans, and a seed. Out: ink, the same for the same seed. `line_rendering` draws
one drawing as training needs it, `canvas_rendering` as a browser's canvas holds it;
`training_images` and `canvas_images` make whole sets of them. `augment` bends and turns batches
that are tensors.
"""
