from odoo.exceptions import UserError
from odoo.fields import Domain


def uninstall_hook(env):
    """Leave the users' data behind: contacts keep their tags, mailings their statistics; only what cannot work without us goes.

    Nothing more leaves: once our code is gone, nobody would look again whether a contact may be mailed. Tags and lost reasons
    that the module brought lose their XML ids, else Odoo would delete them and with them what links to them; installed again,
    the module takes them up by their names.
    """
    _stop_mails(env)
    _settle_filters(env)
    env['ir.model.data'].search([
        ('module', '=', 'mass_mailing_cadence'), ('model', 'in', ('res.partner.category', 'crm.lost.reason')),
    ]).unlink()
    env.flush_all()
    # Odoo deletes our data rows before it drops our tables, and fails loudly on those that are still referred to.
    env.cr.execute("""
        UPDATE res_partner_category SET cadence_group_id = NULL, cadence_segment_id = NULL, cadence_batch = 0;
        DELETE FROM cadence_attribution;
        DELETE FROM cadence_cost_share;
        DELETE FROM cadence_cost;
        DELETE FROM cadence_result_hour;
        DELETE FROM cadence_result;
        DELETE FROM cadence_journal;
        DELETE FROM cadence_reply;
        DELETE FROM cadence_touch;
        DELETE FROM cadence_run;
        DELETE FROM cadence_intake;
        DELETE FROM cadence_letter;
        DELETE FROM cadence_segment_sender;
        DELETE FROM cadence_segment;
        DELETE FROM cadence_sender_source;
        DELETE FROM cadence_sender_day;
        DELETE FROM cadence_sender;
        """)
    env.invalidate_all()


def _stop_mails(env):
    """Cancel what waits to be composed and what is composed and waits for the mail queue."""
    mailings = env['mailing.mailing'].search([('cadence_run_id', '!=', False)])
    mailings.filtered(lambda mailing: mailing.state in ('in_queue', 'sending')).action_cancel()
    # A mail that another worker has locked is with the mail server just now.
    mails = env['mail.mail'].search([
        ('mailing_id.cadence_run_id', '!=', False), ('state', 'in', ('outgoing', 'exception'))]).try_lock_for_update()
    mails.write({'state': 'cancel'})
    mails.mailing_trace_ids.set_canceled()
    env.flush_all()
    # Their question is about our fields: to be sent again, or duplicated and sent, they would mean nobody or fail.
    env.cr.execute("""
        UPDATE mailing_mailing SET mailing_domain = '[(''id'', ''='', False)]' WHERE cadence_run_id IS NOT NULL
        """)


def _settle_filters(env):
    """People's own views stay as favourites of Contacts where they can be asked without us; filters that would fail rest.

    The favourites of the views that we ship go with them.
    """
    for view in env['cadence.view'].with_context(active_test=False).search([('filter_id', '!=', False)]):
        domain = None if view.stage else _get_plain_domain(view)
        if domain is None:
            view.filter_id.unlink()
        else:
            view.filter_id.domain = repr(list(domain))
    env['ir.filters'].with_context(active_test=False).search(
        Domain('domain', 'like', 'cadence\\_') | Domain('context', 'like', 'cadence\\_')).active = False


def _get_plain_domain(view):
    """The view's question in Odoo's own fields, with the tags that its groups have now, or None where it needs ours."""
    try:
        domains = [_get_plain_condition(condition) for condition in view.condition_ids]
        excepted = [_get_plain_domain(other) for other in view.except_view_ids]
    except (UserError, ValueError):  # a view that could not be asked anyway
        return None
    if None in [*domains, *excepted] or not domains:
        return None
    return (Domain.OR if view.match == 'any' else Domain.AND)(domains) & ~Domain.OR(excepted)


def _get_plain_condition(condition):
    match condition.field:
        case 'tag_group':
            domain = Domain('category_id', 'in', condition.tag_group_ids.with_context(active_test=False).tag_ids.ids)
        case 'tag':
            domain = Domain('category_id', 'in', condition.tag_ids.ids)
        case 'email':
            return None
        case 'domain' if 'cadence_' in condition.domain:
            return None
        case _:
            return condition._get_domain()
    return ~domain if condition.operator == 'none' else domain
