import assert from "node:assert/strict";
import { computeSignature, writeCanonicalText, writeNumber } from "../../simulator/signature";

const PUBLISHED = {
  publicKey: "ucloudsomeone@example.com1296235120854146120",
  privateKey: "46f09bb9fab4f12dfc160dae12273d5332b5debe",
};

/** The examples in UCloud's documentation and SDKs. */
const vectors: [title: string, keys: typeof PUBLISHED, query: string, signature: string][] = [
  [
    "DescribeUHostInstance",
    PUBLISHED,
    "Action=DescribeUHostInstance Region=cn-bj2 Limit=10",
    "cba5cf5ec4d4233d206b1b54951e3787350a642f",
  ],
  [
    "CreateUHostInstance",
    PUBLISHED,
    "Zone=cn-bj2-04 Action=CreateUHostInstance CPU=2 ChargeType=Month DiskSpace=10 " +
      "ImageId=f43736e1-65a5-4bea-ad2e-8a46e18883c2 LoginMode=Password Memory=2048 Name=Host01 " +
      "Password=VUNsb3VkLmNu Quantity=1 Region=cn-bj2",
    "4f9ef5df2abab2c6fccd1e9515cb7e2df8c6bb65",
  ],
  [
    "foo=bar",
    { publicKey: "my_public_key", privateKey: "my_private_key" },
    "foo=bar",
    "d4411ab30953fb0bbcb1e7313081f05e4e91a394",
  ],
];

describe("the simulator's signature", () => {
  for (const [title, { publicKey, privateKey }, query, signature] of vectors) {
    it(`is that of the published vector ${title}, also of a signed request`, () => {
      const entries = query.split(" ").map((each) => each.split("=") as [string, string]);
      const parameters = { ...Object.fromEntries(entries), PublicKey: publicKey };
      assert.equal(computeSignature(parameters, privateKey), signature);
      assert.equal(computeSignature({ ...parameters, Signature: "any" }, privateKey), signature);
    });
  }

  it("sorts names by their UTF-8 bytes, not by UTF-16 units", () => {
    assert.equal(
      writeCanonicalText({ "\u{1F511}": "1", "\uFF21": "2", b: "3", B: "4" }, "K"),
      "B4b3\uFF212\u{1F511}1K",
    );
  });

  for (const [number, text] of [
    [10, "10"],
    [1.5, "1.5"],
    [1e21, "1000000000000000000000"],
    [0.0000001, "0.0000001"],
    [-3, "-3"],
  ] as const) {
    it(`contains the JSON number ${number} as ${text}`, () => assert.equal(writeNumber(number), text));
  }
});
