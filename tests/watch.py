"""The Change watcher: every row that an action writes has its Change row in the same transaction."""

import re

MOVE = re.compile(r"(SAVEPOINT|RELEASE SAVEPOINT|ROLLBACK TO SAVEPOINT) ")
WRITE = re.compile(r'(?:INSERT(?: OR \w+)? INTO|UPDATE|DELETE FROM) "((?:spaces|tenants)_\w+)"')
# Without a Change row of their own: links, which the row they belong to tells of, and what is no fact of business.
PARTS = {
    "spaces_unit_predecessors",
    "tenants_spacerequest_requested_units",
    "tenants_serial",  # the last number given out
    "tenants_notice",  # a message in somebody's inbox
    "spaces_countedunit",  # and the next four: the month ledger, a cache of what was written
    "spaces_daysum",
    "spaces_ledgerdelta",
    "spaces_monthledger",
    "spaces_monthopening",
    "spaces_mail",  # a message on its way out
    "spaces_throttle",  # failed attempts, forgotten within days
    "tenants_answeredcall",  # an answer kept for the same call again
    "tenants_forecastrecord",  # a figure as it was computed, append-only itself
}


COLUMN = re.compile(r'"(\w+)"')
# Acts that write no row but this: what they give is a signed word, not a fact that is kept.
TOLD_ONLY = {"remind", "send_again", "sign_out"}


def tells_only(sql, params):
    """Is this the Change of such an act? Many rows at once come as lists on PostgreSQL: that is no such act."""
    names = COLUMN.findall(sql.partition(" VALUES ")[0])[1:]
    return WRITE.match(sql)[1] == "spaces_change" and "verb" in names and str(params[names.index("verb")]) in TOLD_ONLY


class Watcher:
    """An execute wrapper. Inside a test an action's transaction is a savepoint; builders write outside any.

    `faults` has an entry for each action that let go of its savepoint with more writes than Change rows, or fewer.
    """

    def __init__(self):
        self.open = []
        self.faults = []

    def __call__(self, execute, sql, params, many, context):
        result = execute(sql, params, many, context)
        if move := MOVE.match(sql):
            self._move(move[1])
        elif (write := WRITE.match(sql)) and self.open and write[1] not in PARTS and not tells_only(sql, params):
            self.open[-1].append(write[1])
        return result

    def _move(self, kind):
        if kind == "SAVEPOINT":
            self.open.append([])
        elif kind == "ROLLBACK TO SAVEPOINT":
            self.open[-1].clear()
        else:
            written = self.open.pop()
            if self.open:
                self.open[-1] += written
            elif len(written) != 2 * written.count("spaces_change"):
                self.faults.append(written)
