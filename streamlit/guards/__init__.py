"""What a request must pass before Streamlit or a route of ours sees it, and what goes with answers.

In: ASGI requests as strangers make them. Out: the same, with the visitor's real address; or a
refusal. A new guard is a file here and a line in `server/middleware.py`, in its order.
"""
