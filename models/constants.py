"""What several wings share and no model of theirs owns."""

# Whoever works in Odoo; customers who log in do not see what is thought of them.
INTERNAL = 'base.group_user'

# Whoever may read the ledger; others see the contact as it was.
READERS = 'sales_team.group_sale_salesman,mass_mailing.group_mass_mailing_user'

# What a call says about itself to the hooks further down, where Odoo hands on nothing else. Keys of the context:
AUTOMATIC = 'cadence_automatic'  # a machine's answer is posted: it opens, answers and inquires nothing
BOUNCED = 'cadence_bounced'  # a returned mail is worked off: whom Odoo blacklists by it is Bounced, not Unsubscribed
COMPILED = 'cadence_compiled'  # {template: what QWeb compiled it to} while a letter is rendered for many contacts
COMPOSING = 'cadence_composing'  # a part of a mailing's recipients is composed: it is not done, the others wait
LINKS = 'cadence_links'  # {link: its tracker} while a letter's links are shortened for many contacts
DECIDED = 'cadence_decided'  # the caller itself writes the journal: nothing follows from this tag or block

# Followers, logs and tracking are for people's edits; for a load of addresses the intake itself is the record.
LIGHT_CONTEXT = {
    'tracking_disable': True,
    'mail_create_nolog': True,
    'mail_create_nosubscribe': True,
    'mail_notrack': True,
}
