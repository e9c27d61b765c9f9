"""Weights that learnt from answers, and trainings: everything that an edge needs to keep them."""

from feedback.errors import (
    NothingToRollBackTo,
    PromotionRefused,
    RowRefused,
    StalePromotion,
    StoreUnavailable,
    WeightsDamaged,
    WeightsUnknown,
)
from feedback.learning.holders import holder_here, in_short, is_gone, job_of
from feedback.learning.kept_trainings import (
    TrainingRow,
    ask_to_cancel,
    begin_training,
    end_training,
    find_training,
    hear_training,
    list_trainings,
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
    TRAINING_RENEW_S,
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
    "TRAINING_RENEW_S",
    "NothingToRollBackTo",
    "Promotion",
    "PromotionRefused",
    "Review",
    "ReviewedDrawing",
    "RowRefused",
    "StalePromotion",
    "StoreUnavailable",
    "StoredWeights",
    "TrainingRow",
    "WeightsDamaged",
    "WeightsRow",
    "WeightsUnknown",
    "ask_to_cancel",
    "begin_training",
    "count_answers_since",
    "end_training",
    "find_drawings",
    "find_training",
    "give_lease",
    "hear_training",
    "holder_here",
    "in_short",
    "is_gone",
    "job_of",
    "keep_report",
    "keep_weights",
    "lease_holder",
    "list_answered",
    "list_promotions",
    "list_reviews",
    "list_trainings",
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
