import type { Client } from "../../provider/ucloud/client";
import type { RequestParameters } from "../../provider/ucloud/signature";
import type { JsonObject } from "../../provider/ucloud/jsonFields";

/** A call as the client got it. */
export interface Call {
  readonly action: string;
  readonly parameters: RequestParameters;
}

/** A client that asks nobody: `answer` makes up what the API says. */
export class FakeClient implements Client {
  readonly maxConcurrency = 4;
  readonly calls: Call[] = [];

  constructor(private readonly answer: (call: Call) => JsonObject | Promise<JsonObject>) {}

  async call(action: string, parameters: RequestParameters): Promise<JsonObject> {
    const call = { action, parameters };
    this.calls.push(call);
    return await this.answer(call);
  }

  cancel(): void {
    throw new Error("not expected");
  }
}
