"""Plotly figures: numbers in, figures out.

A new chart is a file here, made of `base`; the page that shows it calls it.
"""
