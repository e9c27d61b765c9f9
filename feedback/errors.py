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


class WeightsUnknown(RowRefused):
    """The store holds no weights of that version."""


class WeightsDamaged(Exception):
    """The bytes of weights are not those that were kept; the message says what to do."""


class PromotionRefused(RowRefused):
    """These weights may not become live; the message says why, and the way out."""


class StalePromotion(PromotionRefused):
    """What is live has changed since the promotion was thought of."""


class NothingToRollBackTo(PromotionRefused):
    """The shipped weights are live: there is nothing before them."""
