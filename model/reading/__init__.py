"""Ink to calibrated predictions, where a network looked, and how right predictions are.

In: pictures and a file of weights. Out: `Prediction` with shares that mean what they say. Every
entrance reads with `recogniser`; training fits with `calibration` what that needs.
"""
