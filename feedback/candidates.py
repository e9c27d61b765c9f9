"""Weights that learnt from answers: everything that an edge needs to keep and promote them."""

from feedback.errors import (
    NothingToRollBackTo,
    PromotionRefused,
    RowRefused,
    StalePromotion,
    StoreUnavailable,
    WeightsDamaged,
    WeightsUnknown,
)
from feedback.learning.kept_weights import (
    keep_report,
    keep_weights,
    list_weights,
    load_stored_weights,
    show_weights,
)
from feedback.learning.leases import (
    TRAINING,
    TRAINING_LASTS_S,
    give_lease,
    lease_holder,
    take_lease,
)
from feedback.learning.live_weights import list_promotions, live_version
from feedback.learning.promoting import promote, reject, roll_back
from feedback.learning.reviewing import list_reviews, record_review
from feedback.learning.versions import (
    LEAVE_OUT,
    LONGEST_NAME,
    LONGEST_REASON,
    MOST_BYTES,
    NO_DIGIT_DECISION,
    Promotion,
    Review,
    StoredWeights,
    WeightsRow,
)
from feedback.queries.glances import count_answers_since
from feedback.queries.listing import find_drawings, list_answered
from feedback.records.rows import ReviewedDrawing

__all__ = [
    "LEAVE_OUT",
    "LONGEST_NAME",
    "LONGEST_REASON",
    "MOST_BYTES",
    "NO_DIGIT_DECISION",
    "TRAINING",
    "TRAINING_LASTS_S",
    "NothingToRollBackTo",
    "Promotion",
    "PromotionRefused",
    "Review",
    "ReviewedDrawing",
    "RowRefused",
    "StalePromotion",
    "StoreUnavailable",
    "StoredWeights",
    "WeightsDamaged",
    "WeightsRow",
    "WeightsUnknown",
    "count_answers_since",
    "find_drawings",
    "give_lease",
    "keep_report",
    "keep_weights",
    "lease_holder",
    "list_answered",
    "list_promotions",
    "list_reviews",
    "list_weights",
    "live_version",
    "load_stored_weights",
    "promote",
    "record_review",
    "reject",
    "roll_back",
    "show_weights",
    "take_lease",
]
