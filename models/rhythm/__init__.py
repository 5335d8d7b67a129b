from . import cadence_rhythm_mixin  # what inherits it comes after it

# isort: split
from . import (
    cadence_customer_group,
    cadence_guarded_mixin,
    cadence_letter,
    cadence_segment,
    cadence_segment_responsible,
    cadence_tag_group,
    cadence_view,
    cadence_view_condition,
    cadence_view_condition_address,
    cadence_view_condition_expert,
    cadence_view_use,
    cadence_work,
    ir_mail_server,
    ir_module_module,
    mail_blacklist,
    mailing_contact,
    res_company,
    res_config_settings,
    res_lang,
    res_partner,
    res_partner_category,
    res_partner_groups,
)
