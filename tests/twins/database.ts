import * as pulumi from "@pulumi/pulumi";

/** Makes an instance with an id of its own each time. It is serialized, and so captures nothing. */
const provider: pulumi.dynamic.ResourceProvider = {
  create: (inputs: object) => {
    // eslint-disable-next-line @typescript-eslint/no-require-imports -- import() would not work in serialized text
    const { randomUUID } = require("node:crypto") as typeof import("node:crypto");
    const address = randomUUID();
    return Promise.resolve({ id: address, outs: { ...inputs, address } });
  },
};

/** Stands in for the instance that is restored from a backup, as a cloud's provider would: another backup, another one. */
export class Database extends pulumi.dynamic.Resource {
  /** Not known before it is made. */
  declare readonly address: pulumi.Output<string>;
  declare readonly backupId: pulumi.Output<string>;

  constructor(name: string, backupId: pulumi.Input<string>, opts: pulumi.CustomResourceOptions = {}) {
    const address = undefined;
    super(provider, name, { backupId, address }, { ...opts, replaceOnChanges: ["backupId"] });
  }
}
