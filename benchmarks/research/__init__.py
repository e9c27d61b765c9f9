"""Research on the recipe: what each choice is worth, how much is chance, what was tried once.

`trials` trains on a short schedule; `ablations` and `seeds` write tables of it to results/;
`learning` does so of what people's answers are worth, at sites left out (`unseen_site`);
`experiments.md` has what was tried and left out. What times the product is a floor above.
"""
