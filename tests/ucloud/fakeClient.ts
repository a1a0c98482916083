import type { Client } from "../../provider/ucloud/client";
import type { Parameters } from "../../provider/ucloud/signature";
import type { WireObject } from "../../provider/ucloud/wire";

/** A call as the client got it. */
export interface Call {
  readonly action: string;
  readonly parameters: Parameters;
}

/** A client that asks nobody: `answer` makes up what the API says. */
export class FakeClient implements Client {
  readonly maxConcurrency = 4;
  readonly calls: Call[] = [];

  constructor(private readonly answer: (call: Call) => WireObject | Promise<WireObject>) {}

  async call(action: string, parameters: Parameters): Promise<WireObject> {
    const call = { action, parameters };
    this.calls.push(call);
    return await this.answer(call);
  }

  cancel(): void {
    throw new Error("not expected");
  }
}
