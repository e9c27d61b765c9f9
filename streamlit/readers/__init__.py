"""Sections of Model about the readers beside the digits' own: of characters, and of writing.

In: the reports that `run_model.py --dataset ... --mode test` left. Out: tables and figures, where
they are about the weights that are shipped.
"""
