"""The rows of the table of faults."""

# The longest that a listener may wait for the next sound, in seconds.
LONGEST_WAIT = 1.0
# Pairs of a name and the function that causes the fault.
FAULTS = []


def fault(name):
    """Adds a row: a function that causes the fault and returns its figures. The function raises if the fault was not
    survived."""
    def add(function):
        FAULTS.append((name, function))
        return function
    return add
