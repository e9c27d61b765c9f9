"""The pages, one file each, and the parts that belong to pages alone.

In: what `dashboard.py` made once for everyone. Out: a page. A new page is a file here and a line in
`dashboard.py`.
"""
