from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import format_date


class CadenceChecklist(models.AbstractModel):
    """The first hour of a company: what is still to be done until its first batch has left, and the button that does it."""
    _name = 'cadence.checklist'
    _description = 'First Steps'

    @api.model
    def get_steps(self):
        """The steps, as the records are; False once a mail has left, and for those who do not run the cadence.

        :return: {'is_moving': mails are leaving, ask again soon; 'steps': [{key, title, text, is_done, is_next, buttons}]}, a
            button being {label, and the `action` or the `model`, `id` and `method` of a button; `confirm`: a question}
        """
        if not self.env.user.has_group('mass_mailing_cadence.group_user') or self._has_mailed():
            return False
        segment = self._find_segment()
        letter = self._find_letter(segment)
        steps = [self._describe_segment(segment), self._describe_letter(segment, letter), self._describe_contacts(segment)]
        run = self._find_run(segment) if all(step['is_done'] for step in steps) else self.env['cadence.run']
        steps.append(self._describe_batch(segment, run, all(step['is_done'] for step in steps)))
        following = next((step for step in steps if not step['is_done']), None)
        for step in steps:
            step['is_next'] = step is following
        return {'is_moving': self._is_moving(run), 'steps': steps}

    def _has_mailed(self):
        return bool(self.env['cadence.touch'].sudo().search_count(
            Domain('company_id', '=', self.env.company.id) & Domain('state', '=', 'reserved')
            & Domain('outcome', 'in', ('left', 'in_doubt')), limit=1))

    # What there is

    def _find_segment(self):
        """The segment that is nearest to its first mail."""
        segments = self.env['cadence.segment'].search([('company_id', '=', self.env.company.id)])
        return segments.sorted(
            lambda segment: (bool(self._find_letter(segment)) + bool(segment.contact_count), -segment.id), reverse=True)[:1]

    def _find_letter(self, segment):
        """A letter that can be mailed, else one that somebody has begun."""
        return segment.letter_ids.sorted(lambda letter: (bool(letter.problem), letter.step, letter.id))[:1]

    def _find_run(self, segment):
        """The segment's next run that has somebody to mail."""
        runs = self.env['cadence.run'].search(
            Domain('segment_id', '=', segment.id) & Domain('date', '>=', segment._get_local_day())
            & Domain('state', 'in', ('planned', 'blocked', 'queued'))
            & (Domain('expected_count', '>', 0) | Domain('touch_ids', '!=', False)), order='date, id')
        return runs.sorted(lambda run: run._get_warmth(run))[:1]

    def _is_moving(self, run):
        return (run.state == 'queued' and run.send_datetime <= fields.Datetime.now()
                and not (run.blocked_reason or run.is_held or run.is_draft))

    # The steps

    def _prepare_step(self, key, title, text, is_done, buttons=()):
        return {'key': key, 'title': title, 'text': text, 'is_done': is_done, 'buttons': list(buttons)}

    def _describe_segment(self, segment):
        title = self.env._("Set up a segment")
        if segment and segment.email_from:
            text = self.env._("%(segment)s, from %(sender)s", segment=segment.name, sender=segment.email_from)
            return self._prepare_step('segment', title, text, True)
        if not self.env['cadence.segment'].has_access('create'):
            return self._prepare_step('segment', title, self.env._("A manager of the cadence does this."), False)
        text = self.env._("Customers of one language and one customer group, and the sender who writes to them.")
        button = {'label': self.env._("Set Up"), 'action': self._get_dialog(
            title, 'cadence.segment', 'cadence_segment_view_form_first', segment.id)}
        return self._prepare_step('segment', title, text, False, [button])

    def _describe_letter(self, segment, letter):
        title = self.env._("Write a letter")
        if not letter:
            text = self.env._("Begin with a ready-made text in the customers' language, and make it yours.")
            button = {'label': self.env._("Write"), 'action': self._get_dialog(
                title, 'cadence.letter', 'cadence_letter_view_form_first', context={'default_segment_id': segment.id})}
            return self._prepare_step('letter', title, text, False, [button] if segment else [])
        buttons = [self._prepare_button(self.env._("Design"), letter, 'action_design')]
        if not letter.problem:
            buttons += [
                self._prepare_button(self.env._("Preview with a Contact"), letter, 'action_preview'),
                self._prepare_button(self.env._("Send Me a Test Mail"), letter, 'action_send_test')]
        return self._prepare_step('letter', title, letter.problem or letter.subject, not letter.problem, buttons)

    def _describe_contacts(self, segment):
        title = self.env._("Save addresses")
        action = self.env['ir.actions.actions']._for_xml_id('mass_mailing_cadence.cadence_intake_action_save')
        button = {'label': self.env._("Save Addresses"), 'action': dict(action, context={'default_segment_id': segment.id})}
        if segment.contact_count:
            text = self.env._("%(count)s contacts in the batches", count=f'{segment.contact_count:,}')
            return self._prepare_step('contacts', title, text, True)
        text = self.env._("Paste or upload them: each gets the batch of a day, and the first batch is today's.")
        return self._prepare_step('contacts', title, text, False, [button] if segment else [])

    def _describe_batch(self, segment, run, is_ready):
        title = self.env._("Send the first batch")
        if not is_ready:
            return self._prepare_step('batch', title, self.env._("From then on each batch leaves by itself, on its day."), False)
        if not run:
            text = self.env._("Nobody in the batches may be mailed: all of them are in a view that is left out, or opted out.")
            button = self._prepare_button(self.env._("See Why"), segment, 'action_preview_audience')
            return self._prepare_step('batch', title, text, False, [button] if self._is_due(segment) else [])
        return self._prepare_step('batch', title, self._get_batch_text(run), False, self._get_batch_buttons(run))

    def _is_due(self, segment):
        return bool(self.env['cadence.run'].search_count(
            [('segment_id', '=', segment.id), ('date', '=', segment._get_local_day())], limit=1))

    def _get_batch_text(self, run):
        count = run.audience_count if run.state == 'queued' else run.expected_count
        batch = f'{run.tag_group_id.name} {run.batches}'
        if run.blocked_reason:
            return run.blocked_reason
        if run.is_held:
            return self.env._("%(batch)s is stopped: nothing leaves until somebody resumes it.", batch=batch)
        if self._is_moving(run):
            return self.env._("%(batch)s is leaving now …", batch=batch)
        time = run.segment_id._get_clock_time(run.send_datetime)
        if not run.is_today:
            return self.env._(
                "%(batch)s, %(count)s contacts: leaves by itself on %(date)s at %(time)s.",
                batch=batch, count=f'{count:,}', date=format_date(self.env, run.date), time=time)
        return self.env._(
            "%(batch)s, %(count)s contacts: leaves by itself today at %(time)s, or now.",
            batch=batch, count=f'{count:,}', time=time)

    def _get_batch_buttons(self, run):
        buttons = [self._prepare_button(self.env._("Preview Audience"), run, 'action_preview_audience')]
        if run.is_held or not run.is_today or self._is_moving(run):
            return buttons
        send = self._prepare_button(self.env._("Send the First Batch Now"), run, 'action_send_now')
        send['confirm'] = self.env._(
            "%(count)s mails leave at once, from %(sender)s. They cannot be called back.",
            count=f'{run.waiting_count or run.expected_count:,}', sender=run.segment_id.email_from)
        return [send, *buttons]

    # Their buttons

    def _prepare_button(self, label, record, method):
        return {'label': label, 'model': record._name, 'id': record.id, 'method': method}

    def _get_dialog(self, name, model, view, res_id=False, context=None):
        view = self.env.ref(f'mass_mailing_cadence.{view}')
        return {
            'type': 'ir.actions.act_window', 'name': name, 'res_model': model, 'res_id': res_id, 'target': 'new',
            'views': [(view.id, 'form')], 'context': context or {}}
