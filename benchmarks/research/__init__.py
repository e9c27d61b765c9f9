"""Research on the recipe: what each choice is worth, how much is chance, what was tried once.

`trials` trains on a short schedule; `ablations` and `seeds` write tables of it to results/;
`experiments.md` has what was tried and left out. What times the product is a floor above.
"""
