"""Times the official client reading a list page after page; reads what to read as JSON from standard input.

Input: {"config": the client's own configuration, "arguments", "pageSize", "times"}.
Output: {"seconds": [...], "rows": n}, the seconds of each reading and the rows of the last.
"""

import json
import logging
import sys
import time

from ucloud.client import Client


def read_all(describe, arguments, page_size):
    rows = []
    while True:
        answer = describe({**arguments, "Offset": len(rows), "Limit": page_size})
        rows.extend(answer["DataSet"])
        if not answer["DataSet"] or len(rows) >= answer["TotalCount"]:
            return rows


def main():
    order = json.load(sys.stdin)
    logging.disable(logging.CRITICAL)
    describe = Client(order["config"]).umem().describe_uredis_backup
    # Opens the connection and loads what is loaded late.
    describe({**order["arguments"], "Limit": 1})
    seconds, rows = [], []
    for _ in range(order["times"]):
        started = time.perf_counter()
        rows = read_all(describe, order["arguments"], order["pageSize"])
        seconds.append(time.perf_counter() - started)
    json.dump({"seconds": seconds, "rows": len(rows)}, sys.stdout)


main()
