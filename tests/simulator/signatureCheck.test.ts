import assert from "node:assert/strict";
import { computeSignature, writeCanonicalText, writeNumber } from "../../simulator/signature";

/** The vectors of api/facts.md. */
const someone = {
  PublicKey: "ucloudsomeone@example.com1296235120854146120",
  privateKey: "46f09bb9fab4f12dfc160dae12273d5332b5debe",
};
const vectors = [
  {
    title: "DescribeUHostInstance",
    privateKey: someone.privateKey,
    parameters: {
      PublicKey: someone.PublicKey,
      Action: "DescribeUHostInstance",
      Region: "cn-bj2",
      Limit: "10",
    },
    signature: "cba5cf5ec4d4233d206b1b54951e3787350a642f",
  },
  {
    title: "CreateUHostInstance",
    privateKey: someone.privateKey,
    parameters: {
      PublicKey: someone.PublicKey,
      Zone: "cn-bj2-04",
      Action: "CreateUHostInstance",
      CPU: "2",
      ChargeType: "Month",
      DiskSpace: "10",
      ImageId: "f43736e1-65a5-4bea-ad2e-8a46e18883c2",
      LoginMode: "Password",
      Memory: "2048",
      Name: "Host01",
      Password: "VUNsb3VkLmNu",
      Quantity: "1",
      Region: "cn-bj2",
    },
    signature: "4f9ef5df2abab2c6fccd1e9515cb7e2df8c6bb65",
  },
  {
    title: "foo=bar",
    privateKey: "my_private_key",
    parameters: { foo: "bar", PublicKey: "my_public_key" },
    signature: "d4411ab30953fb0bbcb1e7313081f05e4e91a394",
  },
];

describe("simulator signature", () => {
  for (const { title, privateKey, parameters, signature } of vectors) {
    it(`agrees with the published vector ${title}`, () => {
      assert.equal(computeSignature(parameters, privateKey), signature);
    });
  }

  it("leaves the signature itself out", () => {
    const [vector] = vectors;
    assert.ok(vector);
    const signed = { ...vector.parameters, Signature: "whatever" };
    assert.equal(computeSignature(signed, vector.privateKey), vector.signature);
  });

  it("sorts names by their UTF-8 bytes, not by UTF-16 units", () => {
    assert.equal(
      writeCanonicalText({ "\u{1F511}": "1", "\uFF21": "2", b: "3", B: "4" }, "K"),
      "B4b3\uFF212\u{1F511}1K",
    );
  });

  const numbers: [number, string][] = [
    [10, "10"],
    [10.0, "10"],
    [1.5, "1.5"],
    [1e21, "1000000000000000000000"],
    [0.0000001, "0.0000001"],
    [-3, "-3"],
  ];
  for (const [number, text] of numbers) {
    it(`writes the JSON number ${number} as ${text}`, () => assert.equal(writeNumber(number), text));
  }
});
