from . import (
    cadence_audience,
    cadence_run,
    cadence_run_plan,
    cadence_run_queue,
    cadence_run_story,
    cadence_segment,
    cadence_touch,
    link_tracker,
    mail_mail,
    mailing_mailing,
    res_partner,
    utm_campaign,
)
