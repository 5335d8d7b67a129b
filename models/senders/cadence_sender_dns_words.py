from odoo import models


class CadenceSender(models.Model):
    """What a sender's DNS says, in a sentence that says what to do."""
    _inherit = 'cadence.sender'

    def _get_dns_text(self, record):
        values = {'domain': self._get_domain(), 'name': record.name} | dict(record.values)
        texts = self._get_spf_texts(values) | self._get_dkim_texts(values) | self._get_dmarc_texts(values) \
            | self._get_mx_texts(values) | self._get_way_texts(values)
        return texts[record.code]

    def _get_spf_texts(self, values):
        detail = values.get('detail', '')
        return {
            'spf_ok': self.env._("SPF: the record is fine, with %(count)s of 10 lookups.", count=values.get('count', '')),
            'spf_none': self.env._(
                "SPF: %(name)s has no record that says which servers mail for it. Publish one with those of your mail provider.",
                name=values['name']),
            'spf_two': self.env._("SPF: there are two records, so neither of them counts. Keep one with all servers."),
            'spf_lookups': self.env._(
                "SPF: the record asks for more than 10 lookups: receivers give up. Take out servers that you do not use."),
            'spf_voids': self.env._(
                "SPF: more than two names in the record do not exist, such as %(detail)s. Take them out.", detail=detail),
            'spf_loop': self.env._("SPF: the record includes itself through %(detail)s. Take that out.", detail=detail),
            'spf_missing': self.env._(
                "SPF: the record includes %(detail)s, which has none. Take it out, or correct its name.", detail=detail),
            'spf_syntax': self.env._("SPF: “%(detail)s” in the record is a mistake, so none of it counts.", detail=detail),
            'spf_pass_all': self.env._("SPF: the record lets everybody in the world mail in your name. End it with ~all."),
            'spf_neutral': self.env._("SPF: the record says nothing of other servers. End it with ~all."),
            'spf_unknown': self._get_unknown_text('SPF'),
            'spf_not_aligned': self.env._(
                "Returned mails go to %(envelope)s, so that SPF speaks for that and not for %(domain)s: DKIM has to.",
                envelope=values.get('envelope', ''), domain=values['domain']),
            'envelope_unknown': self._get_unknown_text('SPF'),
        }

    def _get_unknown_text(self, name):
        return self.env._("%(name)s: nobody could be asked. It is tried again tomorrow.", name=name)

    def _get_dkim_texts(self, values):
        return {
            'dkim_ok': self.env._("DKIM: the key %(name)s is fine.", name=values['name']),
            'dkim_none': self.env._(
                "DKIM: no key was found under the usual names. Switch it on at your mail provider, or enter the selector."),
            'dkim_gone': self.env._("DKIM: the key %(name)s is gone: signatures with it fail.", name=values['name']),
            'dkim_two': self.env._(
                "DKIM: there are two keys %(name)s, and receivers pick either. Keep one.", name=values['name']),
            'dkim_revoked': self.env._("DKIM: the key %(name)s was revoked: signatures with it fail.", name=values['name']),
            'dkim_broken': self.env._("DKIM: the key %(name)s cannot be read: copy it again.", name=values['name']),
            'dkim_short': self.env._(
                "DKIM: the key has %(bits)s bits, which receivers refuse. Make one of 2048.", bits=values.get('bits', '')),
            'dkim_test': self.env._("DKIM: the key says that it is a test (t=y): receivers ignore it."),
            'dkim_1024': self.env._("DKIM: the key has 1024 bits, which is enough today. 2048 are better."),
            'dkim_unknown': self._get_unknown_text('DKIM'),
        }

    def _get_dmarc_texts(self, values):
        policy, at = values.get('policy', ''), values.get('at', '')
        return {
            'dmarc_ok': self.env._("DMARC: the record is fine (%(policy)s).", policy=policy),
            'dmarc_parent': self.env._("DMARC: the record of %(at)s counts (%(policy)s).", at=at, policy=policy),
            'dmarc_none': self.env._(
                "DMARC: there is no record. Gmail, Yahoo and Microsoft refuse mailings without one: publish this at %(name)s.",
                name=values['name']),
            'dmarc_two': self.env._("DMARC: there are two records, so neither of them counts. Keep one."),
            'dmarc_broken': self.env._("DMARC: the record has no known policy. Publish this instead."),
            'dmarc_no_policy': self.env._("DMARC: the record has no policy, so it does not count. Add one."),
            'dmarc_no_reports': self.env._(
                "DMARC: the record is fine (%(policy)s), but nobody gets the reports on who mails in your name.", policy=policy),
            'dmarc_unknown': self._get_unknown_text('DMARC'),
        }

    def _get_mx_texts(self, values):
        return {
            'mx_ok': self.env._("Answers: %(name)s takes mails.", name=values['name']),
            'mx_none': self.env._(
                "Answers: %(name)s takes no mails, so nobody can answer. Publish an MX record.", name=values['name']),
            'mx_null': self.env._("Answers: %(name)s says that it takes no mails, so nobody can answer.", name=values['name']),
            'mx_address': self.env._(
                "Answers: %(name)s has no MX record. Some servers do not deliver there.", name=values['name']),
            'mx_unknown': self._get_unknown_text('MX'),
        }

    def _get_way_texts(self, values):
        name = values['name']
        return {
            'base_ok': self.env._("Links: customers reach %(url)s.", url=name),
            'base_http': self.env._(
                "Links: %(url)s is not encrypted, so that browsers warn of it. Set it up with https.", url=name),
            'base_local': self.env._(
                "Links: %(url)s is reached by nobody but you, so that no link, no picture and no unsubscribe link works. Set "
                "web.base.url in Settings / Technical / System Parameters to the address that customers reach.", url=name),
            'base_gone': self.env._(
                "Links: DNS does not know %(host)s, so that no link and no unsubscribe link works.", host=values.get('host', '')),
            'base_unknown': self._get_unknown_text(self.env._("Links")),
            'ptr_ok': self.env._("Server: %(ip)s has a name, as receivers want it.", ip=name),
            'ptr_none': self.env._(
                "Server: %(ip)s has no name (PTR), so that Gmail refuses its mails. Ask who rents it to you for one.", ip=name),
            'ptr_other': self.env._(
                "Server: the name of %(ip)s leads to another address. Let both lead to each other (PTR and A).", ip=name),
            'ptr_unknown': self._get_unknown_text(self.env._("Server")),
            'tls_ok': self.env._("The line to the mail server is encrypted."),
            'tls_none': self.env._(
                "The line to the mail server %(host)s is not encrypted: choose TLS on the mail server.", host=name),
        }
