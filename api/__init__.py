"""The HTTP service: requests in; readings, numbers and jobs out."""
