"""Where a connection to a mail server was lost."""

WITH_THE_MAIL = {'data', 'hear'}  # functions of smtplib and of `pipelining` in which the mail is on its way


def is_within_data(error):
    """Whether the line was lost between DATA and the server's answer to the mail: then nobody knows what became of it."""
    traceback = error.__traceback__
    while traceback:
        if traceback.tb_frame.f_code.co_name in WITH_THE_MAIL:
            return True
        traceback = traceback.tb_next
    return False
