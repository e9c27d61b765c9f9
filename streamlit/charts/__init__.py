"""Charts: numbers in; Plotly figures out, or HTML where a table beside the bars says more.

A new chart is a file here, made of `base`; the page that shows it calls it.
"""
