import logging
from contextlib import closing

from odoo import fields, models
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY
from odoo.tools import SQL

from .mail_mail_hand_over import Passage

_logger = logging.getLogger(__name__)

BLOCK_MAILS = 100  # mails that are taken, asked about and written down together
ROUNDS = 3  # of a block at whose rows another worker was


class MailMail(models.Model):
    """A run's mails leave in blocks: take → ask → *leaving*, committed → the mail server → what became of them, committed.

    Odoo's hooks are called, those that take many mails with all of a block. What has not left after seconds is asked anew.
    """
    _inherit = 'mail.mail'

    def _cadence_send_blocks(self, line, auto_commit, post_send_callback):
        waiting, largest, stuck = self.ids, self._cadence_get_block_size(), None
        size = largest
        with closing(line.connections), self.env['cadence.departure']._apart(auto_commit) as begin:
            while waiting:
                block, waiting = self.browse(waiting[:size]), waiting[size:]
                try:
                    passage, unbegun = block._cadence_send_block(line, begin, auto_commit)
                except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
                    if not auto_commit:
                        raise
                    _logger.info("Another worker is at these mails, time and again: the next turn goes on")
                    return
                if post_send_callback:
                    post_send_callback([id_ for id_ in block.ids if id_ not in unbegun])
                waiting = unbegun + waiting
                if passage.error:
                    self._cadence_end_line(passage, waiting, auto_commit)
                    return
                if unbegun and unbegun == stuck:
                    return  # somebody stops them at the last moment, time and again: the next turn asks anew
                stuck = unbegun
                # A slow server gets as many as it takes in the time.
                size = max(len(block) - len(unbegun), 1) if unbegun else min(2 * size, largest)

    def _cadence_get_block_size(self):
        return BLOCK_MAILS

    def _cadence_send_block(self, line, begin, auto_commit):
        """(what became of the block's mails, the ids of those that are still to be sent)"""
        block, touches = self._cadence_retry(self._cadence_take, auto_commit)
        passage = Passage()
        begun = self.browse(touches)._cadence_hand_over(line, passage, block, touches, begin)
        unbegun = [id_ for id_ in touches if id_ not in begun]
        self._cadence_retry(lambda: self._cadence_note(passage, touches, unbegun), auto_commit)
        return passage, unbegun

    def _cadence_retry(self, work, auto_commit):
        """What `work` returns, then all is committed. Where another worker was faster it is done again, as things are then."""
        for attempt in range(ROUNDS):
            try:
                if auto_commit:
                    self._cadence_commit()  # a new snapshot: see what was decided meanwhile
                result = work()
                if auto_commit:
                    self._cadence_commit()
                return result
            except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
                if not auto_commit:
                    raise
                self._cadence_roll_back()
                if attempt == ROUNDS - 1:
                    raise
        return None

    def _cadence_roll_back(self):
        self.env.cr.rollback()
        self.env.invalidate_all(flush=False)

    # Take

    def _cadence_take(self):
        """(name of the block, {mail id: touch id} of those of the mails that are *leaving* from now on)"""
        mails = (self - self._cadence_get_leaving())._cadence_lock()._cadence_delay()
        touches = mails._cadence_map_touches()
        departed = self.env['cadence.touch'].sudo().browse(touches.values())._depart(fields.Datetime.now())
        ids = set(departed.ids)
        ids.update(mails.filtered(lambda mail: touches.get(mail.id) not in ids)._cadence_ask_again().ids)
        touches = {mail: touch for mail, touch in touches.items() if touch in ids}
        return self.env['cadence.departure']._open(list(touches.values())), touches

    def _cadence_get_leaving(self):
        """Those that another worker has taken: it locks them once more in a moment, and must not find us at them."""
        return self.browse(id_ for id_, in self.env.execute_query(SQL("""
            SELECT trace.mail_mail_id
              FROM mailing_trace trace
              JOIN cadence_touch touch ON touch.id = trace.cadence_touch_id
             WHERE trace.mail_mail_id = ANY(%s) AND touch.outcome = 'leaving'
            """, self.ids)))

    def _cadence_delay(self):
        """Hold those back that must wait; returns the others."""
        mails = self
        for (reason, moment), late in self._cadence_find_delayed().items():
            late._cadence_get_touches()._hold_back(reason)
            late._cadence_try_again(moment)
            mails -= late
        return mails

    def _cadence_find_delayed(self):
        """Those of a block's mails that must wait, {(reason of the ledger, UTC moment of the next try): mails}.

        None here; what a sender may still send today is asked in this place, with the rows of the mails locked.
        """
        return {}

    def _cadence_lock(self):
        """Those of the mails that still wait and that nobody else is at; the lock holds until the transaction ends."""
        self.env['mail.mail'].flush_model(['state'])
        rows = self.env.execute_query(SQL("""
            SELECT id
              FROM mail_mail
             WHERE id = ANY(%s) AND state = 'outgoing'
          ORDER BY id
               FOR UPDATE SKIP LOCKED
            """, self.ids))
        self.invalidate_recordset(['state'])
        return self.browse(id_ for id_, in rows)

    def _cadence_map_touches(self):
        """{mail id: touch id} of the mails that have a place in the ledger, in their order."""
        self.env['mailing.trace'].flush_model(['mail_mail_id', 'cadence_touch_id'])
        return dict(self.env.execute_query(SQL("""
            SELECT mail_mail_id, cadence_touch_id
              FROM mailing_trace
             WHERE mail_mail_id = ANY(%s) AND cadence_touch_id IS NOT NULL
          ORDER BY mail_mail_id
            """, self.ids)))

    def _cadence_ask_again(self):
        """There is news of their contacts, or they are held: the touches of those that may leave all the same."""
        asked = (self - self._cadence_keep_back())._cadence_get_touches()
        departed = asked._depart(fields.Datetime.now(), sure=True)
        mailed = asked - departed
        mailed._defer('mailed_today')
        mailed._cancel_mails()
        return departed

    # Note

    def _cadence_note(self, passage, touches, unbegun):
        """Write down what became of a block; what was not begun waits as before."""
        def get_touches(ids):
            return self.env['cadence.touch'].sudo().browse(touches[id_] for id_ in ids)

        self.browse(passage.left)._cadence_note_left(passage.pids, passage.emails)
        for (kind, reason), ids in passage.failed.items():
            failed = self.browse(ids)
            failed.write({'state': 'exception', 'failure_type': kind, 'failure_reason': reason})
            failed._cadence_tell(success_pids=[], success_emails=[], failure_type=kind, failure_reason=reason)
        get_touches(passage.doubtful)._doubt()
        self.browse(passage.doubtful)._cadence_cancel('process')
        get_touches(unbegun)._hold_back(None)
        self.env['cadence.departure']._close(list(touches.values()))

    def _cadence_note_left(self, pids, emails):
        if self:
            self.write({'state': 'sent', 'failure_type': False, 'failure_reason': False})
            self._cadence_tell(success_pids=pids, success_emails=emails)

    def _cadence_tell(self, **told):
        """Call Odoo's hook for all of the mails; where a module's fault undoes it for each alone. The ledger is told anyway."""
        touches = self._cadence_get_touches()
        try:
            with self.env.cr.savepoint():
                self._postprocess_sent_message(**told)
            return
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            raise
        except Exception:
            self.env.invalidate_all(flush=False)
            if len(self) == 1:
                _logger.exception("What became of the mail %s cannot be told to all modules", self.id)
        if len(self) > 1:
            for mail in self:
                mail._cadence_tell(**told)
        elif told.get('failure_type'):
            self._cadence_take_refusals({self: told['failure_reason']}, told['failure_type'])
        else:
            touches._arrive()

    # The line is lost

    def _cadence_end_line(self, passage, waiting, auto_commit):
        """The connection is gone: while a mail was on it nobody knows what the server got, before that it got nothing.

        A server that ends connections after so many mails does so between two of them: the others go on at once. One that
        hangs up on a mail would leave one more in doubt at each try: the others wait.
        """
        if isinstance(passage.error, MemoryError):
            raise passage.error
        mails = self.browse(waiting if passage.doubtful else passage.unreached)
        self._cadence_retry(lambda: mails._cadence_wait_for_line(passage.error), auto_commit)

    def _cadence_wait_for_line(self, error):
        mails = self._cadence_lock()
        mails._cadence_get_touches()._hold_back('mail_server')
        mails.sudo().write({'failure_reason': str(error)})
        mails._cadence_try_again()
