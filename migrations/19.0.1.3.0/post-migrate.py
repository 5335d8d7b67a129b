def migrate(cr, version):
    _give_traces_to_the_survivors(cr)
    _name_the_authors(cr)


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


def _name_the_authors(cr):
    """Domains of experts are asked with the rights of who wrote them last; the new column begins with the upgrade's own user."""
    cr.execute("UPDATE cadence_view_condition SET author_id = COALESCE(write_uid, create_uid)")
