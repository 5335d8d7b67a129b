from . import (
    cadence_customer_group,
    cadence_letter,
    cadence_segment,
    cadence_tag_group,
    cadence_view,
    cadence_view_condition,
    ir_module_module,
    res_company,
    res_config_settings,
    res_lang,
    res_partner,
    res_partner_category,
)
