"""Who may see everyone's drawings, and how somebody becomes the operator."""
