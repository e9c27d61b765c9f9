"""What people answered: rows in, numbers out. No tensors, no widgets."""
