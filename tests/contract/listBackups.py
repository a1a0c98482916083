"""Lists backups with the official client. Reads JSON from standard input and writes JSON to standard output.

Input: {"config": the client's own configuration, "listings": [{"action", "arguments", "pageSize"}]}.
Output: {"rows": [...], "pages": n} or {"error": {"type", "code", "requestUuid"}} for each listing.
"""

import json
import logging
import sys

from ucloud.client import Client
from ucloud.core import exc


def read_all(describe, arguments, page_size):
    rows, pages = [], 0
    while True:
        answer = describe({**arguments, "Offset": len(rows), "Limit": page_size})
        pages += 1
        if not answer["DataSet"]:
            return {"rows": rows, "pages": pages}
        rows.extend(answer["DataSet"])


def describe_error(error, code):
    return {"error": {"type": type(error).__name__, "code": code, "requestUuid": error.request_uuid}}


def list_backups(client, listing):
    umem = client.umem()
    describe = {
        "DescribeURedisBackup": umem.describe_uredis_backup,
        "DescribeUMemBackup": umem.describe_umem_backup,
    }[listing["action"]]
    try:
        return read_all(describe, listing["arguments"], listing["pageSize"])
    except exc.RetCodeException as error:
        return describe_error(error, error.code)
    except exc.HTTPStatusException as error:
        return describe_error(error, error.status_code)


def main():
    task = json.load(sys.stdin)
    logging.disable(logging.CRITICAL)
    client = Client(task["config"])
    json.dump([list_backups(client, listing) for listing in task["listings"]], sys.stdout)


main()
