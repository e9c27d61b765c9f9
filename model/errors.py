"""What can be wrong with a drawing or with weights; each message is meant for a person."""


class BadDrawing(ValueError):
    """The image cannot be read as a drawing; the message says why and what to do."""


class NoInk(BadDrawing):
    """There is nothing to read: a blank sheet, or no more than a dot."""


class WeightsError(Exception):
    """Weights cannot be used or kept; the message names the file and the way out."""


class WeightsNotFound(WeightsError):
    """There is no weights file at that place."""


class BadWeights(WeightsError):
    """The file is not one of Inkling's weights: foreign, truncated, or a pickle."""


class FoldError(Exception):
    """A fold of a cross-validation could not be trained, or not where it should have been."""
