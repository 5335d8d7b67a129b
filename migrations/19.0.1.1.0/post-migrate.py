from odoo import SUPERUSER_ID, api
from odoo.tools.sql import column_exists


def migrate(cr, version):
    """Lines keep their row's cells now, not a column for each meaning; counts are taken when a piece of work ends."""
    if not column_exists(cr, 'cadence_intake_line', 'text'):
        return
    cr.execute("""
        UPDATE cadence_intake_line SET cells = CONCAT(text, CHR(31), name) WHERE cells IS NULL;
        UPDATE cadence_intake SET source = 'paste' WHERE state = 'done';
        -- What was read but not saved lacks the cells of its other columns: it is read again.
        DELETE FROM cadence_intake_line
         WHERE state <> 'saved' AND intake_id IN (SELECT id FROM cadence_intake WHERE state IN ('preview', 'saving'));
        UPDATE cadence_intake SET state = CASE state WHEN 'saving' THEN 'cancelled' ELSE 'draft' END
         WHERE state IN ('preview', 'saving');
        """)
    env = api.Environment(cr, SUPERUSER_ID, {})
    for intake in env['cadence.intake'].search([('state', 'in', ('done', 'cancelled'))]):
        intake._tally()
