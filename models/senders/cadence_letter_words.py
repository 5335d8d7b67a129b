from odoo import models


class CadenceLetter(models.Model):
    """What is wrong with a letter, in a sentence that says what to do."""
    _inherit = 'cadence.letter'

    def _get_finding_text(self, finding):
        values = dict(finding.values)
        texts = self._get_grave_texts(values) | self._get_subject_texts(values) | self._get_body_texts(values)
        return texts[finding.code]

    def _get_grave_texts(self, values):
        """{code: what keeps the letter from being mailed}"""
        return {
            'empty': self.env._("It is empty: open its design and write it."),
            'no_subject': self.env._("It has no subject: write one."),
            'reply_prefix': self.env._(
                "Its subject begins with “%(prefix)s” as if it were an answer: remove that, it is misleading and forbidden.",
                prefix=values.get('prefix', '')),
            'placeholder': self.env._("A placeholder was not filled in: correct it, or take it out."),
            'free_sender': self.env._(
                "It comes from an address at %(host)s, which takes no mailings in its name: use an address at your own domain.",
                host=values.get('host', '')),
            'no_unsubscribe': self.env._(
                "It has no unsubscribe link: add one, the law and every mailbox provider require it."),
            'hidden_unsubscribe': self.env._("Nobody can see its unsubscribe link: make it larger, or give it another color."),
            'too_large': self.env._(
                "It has %(size)s KB: Gmail cuts off what is beyond 102 KB, the unsubscribe link with it. Make it shorter.",
                size=values.get('size', '')),
            'only_images': self.env._(
                "It is all picture and hardly any words: spam filters refuse such mails. Write a few sentences."),
        }

    def _get_subject_texts(self, values):
        return {
            'long_subject': self.env._(
                "Its subject has %(length)s characters: phones show about 60.", length=values.get('length', '')),
            'capitals': self.env._("Its subject is in capital letters, as in spam."),
            'exclamation': self.env._("Its subject has several exclamation or question marks, as spam does."),
            'emoji': self.env._("Its subject has more than one emoji."),
            'zero_width': self.env._("Its subject has invisible characters, with which spam hides from filters: type it again."),
            'no_preview': self.env._("It has no preview text: mailboxes show the beginning of the letter beside the subject."),
        }

    def _get_body_texts(self, values):
        return {
            'little_text': self.env._("Its pictures are large and its text is short: spam filters count that against it."),
            'no_alt': self.env._("A picture has no description: whoever blocks pictures sees nothing."),
            'wide_image': self.env._(
                "A picture is %(width)s pixels wide: mail programs show about 600.", width=values.get('width', '')),
            'data_image': self.env._("A picture is embedded in the letter's text: most mailboxes do not show such pictures."),
            'http_image': self.env._("A picture is loaded over http: most mailboxes show only those over https."),
            'many_links': self.env._(
                "It has %(count)s links: more than ten look like an advertisement.", count=values.get('count', '')),
            'shortener': self.env._(
                "A link goes through %(host)s, which spammers use, so many filters refuse it. Link to the page itself.",
                host=values.get('host', '')),
            'dead_link': self.env._("A link leads nowhere: the page is gone, or its address is mistyped."),
            'bare_ip': self.env._("A link goes to an IP address instead of a name, as links in spam do."),
            'other_domain': self.env._(
                "A link shows %(shown)s but goes to %(host)s, as links in scams do: let it show words instead.",
                shown=values.get('shown', ''), host=values.get('host', '')),
            'no_address': self.env._("Your company's postal address is not in it: many countries require it by law."),
            'no_company_address': self.env._("Your company has no postal address in Odoo: enter one, letters must show it."),
            'attachment': self.env._("A first letter with an attachment looks like a virus: link to the file instead."),
            'small_font': self.env._(
                "Some text is only %(size)s pixels high: nobody can read it on a phone.", size=values.get('size', '')),
            'same_as_other': self.env._("Another step says the same, word for word."),
            'empty_field': self.env._(
                "%(percent)s %% of the contacts have no %(field)s: for them there is a gap. Write another word behind “or”.",
                percent=values.get('percent', ''), field=values.get('field', '')),
        }
