from time import process_time


def least_time(work, enough, tries=3):
    """The processor's seconds that `work` takes: the least of some tries, as soon as one is below `enough`.

    What else runs on a shared core makes work longer, never shorter; what is not linear is long each time.
    """
    least = None
    for _try in range(tries):
        start = process_time()
        work()
        taken = process_time() - start
        least = taken if least is None else min(least, taken)
        if least < enough:
            break
    return least
