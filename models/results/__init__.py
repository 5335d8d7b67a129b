from . import (
    cadence_attribution,
    cadence_cost,
    cadence_cost_share,
    cadence_mail_host,
    cadence_mail_provider,
    cadence_result,
    cadence_result_count,
    cadence_result_page,
    cadence_run,
    crm_lead,
    digest_digest,
)
