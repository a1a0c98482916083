import type { Client } from "../../provider/ucloud/client";
import type { RequestParameters } from "../../provider/ucloud/signature";
import type { JsonObject } from "../../provider/ucloud/jsonFields";

/** A call of the client. */
export interface Call {
  readonly action: string;
  readonly parameters: RequestParameters;
}

/** A client without a network: `answer` returns the API's answers. */
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
