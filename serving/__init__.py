"""What every server of Inkling stands on, whatever it speaks: the dashboard's pages, or HTTP."""
