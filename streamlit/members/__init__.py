"""Members that were tuned apart, as pages show them: their table, and what each says of a drawing.

In: the folder that MODELS_DIR names, and a prediction. Out: a section of Model, and an offer below
the drawing; nothing at all where no members have been tuned.
"""
