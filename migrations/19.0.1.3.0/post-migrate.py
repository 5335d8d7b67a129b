def migrate(cr, version):
    _give_traces_to_the_survivors(cr)


def _give_traces_to_the_survivors(cr):
    """Contacts merged before: their traces name the contact that is gone, the ledger the one that is left."""
    cr.execute("""
        UPDATE mailing_trace trace
           SET res_id = touch.partner_id
          FROM cadence_touch touch
         WHERE touch.id = trace.cadence_touch_id
           AND trace.model = 'res.partner'
           AND trace.res_id <> touch.partner_id
           AND NOT EXISTS (SELECT FROM res_partner WHERE res_partner.id = trace.res_id)
        """)
