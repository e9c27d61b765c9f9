"""Lines of writing made of isolated characters, and their pictures.

In: pen drawings of characters, texts to learn patterns from, and a seed. Out: `WrittenLine`, like a
recorded one, the same for the same seed. `hands` gathers what one writer has, `patterns` makes
texts that it can write, `layout` sets them, `composed_lines` makes whole sets, `line_images` draws
lines, recorded or composed.
"""
