import * as pulumi from "@pulumi/pulumi";

/** Creates an instance with a new id each time. It is serialized, so it captures nothing. */
const provider: pulumi.dynamic.ResourceProvider = {
  create: (inputs: object) => {
    // eslint-disable-next-line @typescript-eslint/no-require-imports -- import() does not work in serialized text
    const { randomUUID } = require("node:crypto") as typeof import("node:crypto");
    const address = randomUUID();
    return Promise.resolve({ id: address, outs: { ...inputs, address } });
  },
};

/** In place of a database that a cloud's provider restores from a backup. Another backup replaces it. */
export class Database extends pulumi.dynamic.Resource {
  /** Unknown before it is created. */
  declare readonly address: pulumi.Output<string>;
  declare readonly backupId: pulumi.Output<string>;

  constructor(name: string, backupId: pulumi.Input<string>, opts: pulumi.CustomResourceOptions = {}) {
    const address = undefined;
    super(provider, name, { backupId, address }, { ...opts, replaceOnChanges: ["backupId"] });
  }
}
