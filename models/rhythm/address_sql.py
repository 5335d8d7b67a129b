from odoo.tools import SQL

from ...tools.address.canonical import MAX_ADDRESS, MAX_LOCAL, PLAIN_ADDRESS


def sql_is_plain(email):
    """Whether an address, an SQL expression, is canonical once it is in lower case: nearly all, and Python need not see them."""
    return SQL("""
        (LENGTH(%(email)s) <= %(length)s
         AND STRPOS(%(email)s, '@') <= %(local)s + 1
         AND LOWER(%(email)s COLLATE "C") ~ %(plain)s)
        """, email=email, length=MAX_ADDRESS, local=MAX_LOCAL, plain=PLAIN_ADDRESS)
