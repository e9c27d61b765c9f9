"""The HTTP service: requests in, readings, numbers and jobs out; what it knows is in other rooms."""
