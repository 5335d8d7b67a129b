from .prepare import prepare

# {model of what we ship and people make as well: what links it to the cadence}
ADOPTED = {'res.partner.category': 'cadence_group_id', 'crm.lost.reason': 'cadence_tag_id'}


def pre_init_hook(env):
    """Fill the addresses and company domains of the contacts that are there already.

    Left to the computed fields, a million contacts are a million writes through the ORM.
    """
    prepare(env)


def post_init_hook(env):
    """Take up tags and lost reasons that have our names already: kept when the module was uninstalled, or made by hand.

    Left beside ours they would look alike in every list, and their contacts would be mailed.
    """
    for data in env['ir.model.data'].search([('module', '=', 'mass_mailing_cadence'), ('model', 'in', list(ADOPTED))]):
        _adopt(env[data.model].browse(data.res_id), data)


def _adopt(ours, data):
    link = ADOPTED[ours._name]
    namesakes = _find_namesakes(ours)
    if not namesakes:
        return
    # All of them mean what ours means; the oldest is the one that our XML id names from now on.
    namesakes.write({link: ours[link].id, 'active': True})
    data.res_id = namesakes[0].id
    ours.env['base.partner.merge.automatic.wizard']._update_foreign_keys_generic(ours._name, ours, namesakes[0])
    ours.invalidate_recordset()
    ours[link] = False
    ours.unlink()


def _find_namesakes(ours):
    """The other records that have our record's name in one of the installed languages, the oldest first."""
    found = ours.browse()
    for lang, _name in ours.env['res.lang'].get_installed():
        record = ours.with_context(lang=lang, active_test=False)
        found |= record.search([('name', '=ilike', record.name), ('id', '!=', ours.id)])
    return found.with_env(ours.env).sorted('id')
