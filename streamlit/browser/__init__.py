"""What runs in the visitor's browser: our own JavaScript and style sheets, and how they get there.

In: a module's name. Out: a component's script that fetches it, and the rules of a style sheet.
"""
