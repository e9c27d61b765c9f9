"""What a store can refuse; each message is meant for a person and never holds a password."""


class SettingsError(ValueError):
    """The configuration of the store makes no sense; the message names the keys."""


class StoreUnavailable(Exception):
    """The store cannot be used now; the message says which store, why, and the way out."""


class RowRefused(ValueError):
    """The store's own rules refuse this row: trying again will not help."""


class DrawingClosed(RowRefused):
    """The drawing has been answered: it stays as it is."""


class DrawingDeleted(RowRefused):
    """The drawing has been deleted, and stays deleted."""
