from . import (
    cadence_audience,
    cadence_risk,
    cadence_segment,
    cadence_sender,
    cadence_sender_cap,
    cadence_sender_day,
    cadence_sender_health,
    cadence_sender_words,
    cadence_touch,
)
