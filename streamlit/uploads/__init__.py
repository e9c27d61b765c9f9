"""What becomes of files that a visitor sends: how many at a time, and how their bytes are let go.

In: what Streamlit holds for a session. Out: whether there is room, and memory that is free again.
"""
