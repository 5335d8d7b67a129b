import base64
from collections import Counter

from ...models.intake import cadence_intake_chunk, cadence_intake_work
from ..common import CadenceCase


class IntakeCase(CadenceCase):
    """Intakes of the segment, by a user of the module unless a test says otherwise; the first day is the 5th."""

    def _create_intake(self, text=None, user=None, **values):
        return self.env['cadence.intake'].with_user(user or self.user).create({
            'segment_id': self.segment.id, 'start_date': '2026-07-05', 'pasted_text': text} | values)

    def _create_file_intake(self, name, content, **values):
        return self._create_intake(file=base64.b64encode(content), file_name=name, **values)

    def _preview(self, *args, **values):
        intake = self._create_intake(*args, **values)
        intake.action_preview()
        return intake

    def _save(self, *args, **values):
        intake = self._preview(*args, **values)
        intake.action_save()
        return intake

    def _work(self, cron='ir_cron_intake'):
        """Turns of a cron until there is nothing left for it, however slow the machine is."""
        for _turn in range(50):
            with self.enter_registry_test_mode():
                self.env.ref(f'mass_mailing_cadence.{cron}').method_direct_trigger()
            self.env.invalidate_all()
            if not self.env['cadence.intake']._get_work_left():
                break

    def _get_states(self, intake):
        return Counter(intake.line_ids.mapped('state'))

    def _get_lines(self, intake, state):
        return intake.line_ids.filtered(lambda line: line.state == state)


class ChunkCase(IntakeCase):
    """Saving is left to the workers, ten lines at once."""

    def setUp(self):
        super().setUp()
        self.patch(cadence_intake_work, 'SAVE_AT_ONCE', 0)
        self.patch(cadence_intake_chunk, 'SIZE', 10)

    def _start(self, rows=35, **values):
        intake = self._preview('\n'.join(f'p{number}@acme{number // 3}.example' for number in range(rows)), **values)
        intake.action_save()
        intake._claim_chunk()._work()  # placed once more; now the chunks are there
        return intake
