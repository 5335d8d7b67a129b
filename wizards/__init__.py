from . import (
    base_partner_merge,
    cadence_letter_preview,
    cadence_probe,
    cadence_release,
    cadence_why,
    cadence_why_line,
    mail_compose_message,
    mail_compose_message_render,
)
