"""The rows of the table of faults, and what they have in common."""

# The longest that a listener may wait for more, s.
LONGEST_WAIT = 1.0
# Pairs of a name and the function that does the damage.
FAULTS = []


def fault(name):
    """Adds a row: a function that does the damage and returns its figures, or raises."""
    def add(function):
        FAULTS.append((name, function))
        return function
    return add
