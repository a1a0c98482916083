"""Lists backups with the official client; reads what to do as JSON from standard input, writes what came of it.

Input: {"config": the client's own configuration, "listings": [{"action", "arguments", "pageSize"}]}.
Output: one {"rows": [...], "pages": n} or {"error": {"type", "code", "requestUuid"}} for each listing.
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


def list_backups(client, listing):
    umem = client.umem()
    describe = {
        "DescribeURedisBackup": umem.describe_uredis_backup,
        "DescribeUMemBackup": umem.describe_umem_backup,
    }[listing["action"]]
    try:
        return read_all(describe, listing["arguments"], listing["pageSize"])
    except exc.RetCodeException as error:
        return {
            "error": {
                "type": "RetCodeException",
                "code": error.code,
                "message": error.message,
                "requestUuid": error.request_uuid,
            }
        }
    except exc.HTTPStatusException as error:
        return {
            "error": {
                "type": "HTTPStatusException",
                "code": error.status_code,
                "message": str(error),
                "requestUuid": error.request_uuid,
            }
        }


def main():
    order = json.load(sys.stdin)
    logging.disable(logging.CRITICAL)
    client = Client(order["config"])
    json.dump([list_backups(client, listing) for listing in order["listings"]], sys.stdout)


main()
