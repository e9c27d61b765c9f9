"""Pictures of digits, data and results, written as PNG.

In: images, labels, predictions and reports. Out: files. Decides nothing and measures nothing.
"""
