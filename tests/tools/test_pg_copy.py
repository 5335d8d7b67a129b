from unittest import TestCase

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ...tools.pg_copy import NULL, RowStream

UNESCAPED = {'\\t': '\t', '\\n': '\n', '\\r': '\r', '\\\\': '\\'}
TEXTS = st.text(st.characters(exclude_characters=f'\0{NULL}', exclude_categories=['Cs']))


def read_back(stream, size=50):
    """What PostgreSQL makes of the stream: rows of texts."""
    text = ''
    while part := stream.read(size):
        text += part
    return [[_unescape(cell) for cell in line.split('\t')] for line in text.split('\n')[:-1]]


def _unescape(cell):
    parts, position = [], 0
    while position < len(cell):
        pair = cell[position:position + 2]
        parts.append(UNESCAPED.get(pair, cell[position]))
        position += 2 if pair in UNESCAPED else 1
    return ''.join(parts)


class TestRowStream(TestCase):

    @settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
    @given(st.lists(st.lists(TEXTS, min_size=2, max_size=2)), st.integers(1, 200))
    def test_every_text_arrives_as_it_was_whatever_the_size_of_the_pieces(self, rows, size):
        stream = RowStream(rows)
        self.assertEqual(read_back(stream, size), rows)
        self.assertEqual(stream.count, len(rows))

    def test_nothing_numbers_and_booleans(self):
        self.assertEqual(read_back(RowStream([[None, 12, True]])), [[NULL, '12', 'True']])

    def test_no_more_rows_are_taken_than_are_asked_for(self):
        stream = RowStream([f'row {number}'] for number in range(1000))
        stream.read(1)
        self.assertEqual(stream.count, 1)

    def test_a_fault_of_the_rows_ends_the_file_and_is_kept(self):
        def rows():
            yield ['good']
            raise ValueError('damaged')

        stream = RowStream(rows())
        self.assertEqual(read_back(stream), [['good']])
        self.assertIsInstance(stream.error, ValueError)
        self.assertEqual(stream.read(10), '')
