/**
 * A stand-in for the plugin of `@pulumi/random`, for machines that cannot download it: `RandomPet` and
 * `RandomPassword`, which are replaced when their keepers change. It is a program: Pulumi starts it as a
 * plugin.
 */
import { randomBytes, randomInt } from "node:crypto";
import { main, type Provider } from "@pulumi/pulumi/provider";
import { version } from "@pulumi/random/package.json";

const WORDS = ["otter", "heron", "badger", "lynx", "marten", "plover", "stoat", "wren"];
const PET = "random:index/randomPet:RandomPet";
const PASSWORD = "random:index/randomPassword:RandomPassword";

/** The part of the real schema that programs in YAML need: the host for them asks every plugin for one. */
const schema = JSON.stringify({
  name: "random",
  version,
  resources: {
    [PET]: { inputProperties: { prefix: { type: "string" } } },
    [PASSWORD]: {
      inputProperties: {
        length: { type: "integer" },
        overrideSpecial: { type: "string" },
        special: { type: "boolean" },
      },
      properties: { result: { type: "string", secret: true } },
      required: ["result"],
    },
  },
});

type Inputs = Readonly<Record<string, unknown>>;

const standIn: Provider = {
  version,
  schema,
  check: (_urn, _olds, news: Inputs) => Promise.resolve({ inputs: news }),
  diff(_id, _urn, olds: Inputs, news: Inputs) {
    const replaces = Object.keys(news).filter(
      (key) => JSON.stringify(olds[key]) !== JSON.stringify(news[key]),
    );
    return Promise.resolve({ changes: replaces.length > 0, replaces });
  },
  create(urn, inputs: Inputs) {
    if (urn.includes(`${PET}::`)) {
      const words = [WORDS[randomInt(WORDS.length)], randomBytes(4).toString("hex")];
      return Promise.resolve({ id: [inputs["prefix"], ...words].join("-"), outs: inputs });
    }
    const result = randomBytes(64).toString("hex").slice(0, Number(inputs["length"]));
    return Promise.resolve({ id: "none", outs: { ...inputs, result, bcryptHash: "" } });
  },
  delete: () => Promise.resolve(),
};

void main(standIn, process.argv.slice(2));
