"""The queue in front of SQLite's write lock. That it is enough for 32 writers is shown in spaces/test_races.py."""

import threading
import time

from config.sqlite.base import Queue


def test_turns_come_in_the_order_of_asking():
    queue, served = Queue(), []

    def ask(number):
        queue.join(timeout=60)
        served.append(number)
        queue.leave()

    queue.join(timeout=60)
    askers = [threading.Thread(target=ask, args=[number]) for number in range(20)]
    for number, asker in enumerate(askers, 1):
        asker.start()
        while len(queue._waiting) < number:
            time.sleep(0.001)
    queue.leave()
    for asker in askers:
        asker.join()

    assert served == [*range(20)]


def test_who_gives_up_is_skipped():
    queue = Queue()
    queue.join(timeout=60)

    assert not queue.join(timeout=0.01)

    queue.leave()
    assert queue.join(timeout=0)
