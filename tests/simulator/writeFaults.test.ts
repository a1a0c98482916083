import assert from "node:assert/strict";
import type { Fault, Simulator } from "../../simulator";
import {
  address,
  call,
  create,
  encode,
  KINDS,
  look,
  NEW_GROUP,
  remove,
  succeed,
  useSimulator,
  watch,
} from "./calls";
import { hasCause, post, sign } from "./client";

const CREATE = { Action: "CreateURedisGroup", Region: "cn-bj2", ...NEW_GROUP };

describe("the simulator's faults of writes", () => {
  const getSimulator = useSimulator();

  /** Sends the request, and returns what the client saw: the error, the status and the text. */
  async function send(simulator: Simulator): Promise<string> {
    try {
      const response = await post(simulator, sign(simulator, CREATE));
      return `${response.status} ${await response.text()}`;
    } catch (error) {
      assert.ok(hasCause("ECONNRESET")(error) || hasCause("UND_ERR_SOCKET")(error), String(error));
      return "lost";
    }
  }

  const cases: [title: string, fault: Fault, saw: RegExp, made: number][] = [
    ["an answer lost before", { kind: "lostAnswer", effect: "before" }, /^lost$/, 0],
    ["an answer lost after", { kind: "lostAnswer", effect: "after" }, /^lost$/, 1],
    ["a reset connection", { kind: "reset" }, /^lost$/, 1],
    ["a status 502 without effect", { kind: "status", status: 502 }, /^502 /, 0],
    ["a status 502 with effect", { kind: "status", status: 502, effect: "after" }, /^502 /, 1],
    ...[110, 130, 150, 153].flatMap((retCode): typeof cases => [
      [`RetCode ${retCode} without effect`, { kind: "retCode", retCode }, RegExp(`"RetCode":${retCode}`), 0],
      [
        `RetCode ${retCode} with effect`,
        { kind: "retCode", retCode, effect: "after" },
        RegExp(`"RetCode":${retCode}`),
        1,
      ],
    ]),
    ["an empty body with effect", { kind: "raw", body: "", effect: "after" }, /^200 $/, 1],
    ["an empty body without effect", { kind: "raw", body: "" }, /^200 $/, 0],
    [
      "an answer without the id",
      { kind: "answerWithoutId" },
      /^200 \{"Action":"CreateURedisGroupResponse","RetCode":0\}$/,
      1,
    ],
    ["JSON that is cut short", { kind: "truncatedJson", keepBytes: 20 }, /^200 \{"Action":"CreateURe$/, 1],
  ];
  for (const [title, fault, saw, made] of cases) {
    it(`can be ${title}: ${made} made`, async () => {
      const simulator = getSimulator();
      simulator.injectFault({ ...fault, action: "CreateURedisGroup" });
      assert.match(await send(simulator), saw);
      assert.equal(simulator.created.length, made);
      assert.match(await send(simulator), /"GroupId":"uredis-/);
      assert.equal(simulator.created.length, made + 1);
    });
  }

  it("leave checks to the cloud: a lost request that is refused makes nothing", async () => {
    const simulator = getSimulator();
    simulator.injectFault({ kind: "lostAnswer", effect: "after" });
    await assert.rejects(call(simulator, "CreateURedisGroup", { ...NEW_GROUP, Name: "no" }));
    assert.deepEqual(simulator.created, []);
  });

  for (const kind of KINDS) {
    const { title, pending, failed } = kind;
    const { create: action } = kind;

    const outcomes: [what: string, fault: Omit<Fault & { kind: "outcome" }, "kind">, states: unknown[]][] = [
      ["that fails to come up", { state: failed }, [pending, failed, failed]],
      ["in a state that nobody knows", { state: "Meditating" }, [pending, "Meditating", "Meditating"]],
      ["that never comes up", { isStuck: true }, [pending, pending, pending]],
      ["that takes longer", { takes: { looks: 2 } }, [pending, pending, "Running"]],
      ["that is listed late", { hiddenLooks: 2 }, ["not listed", "not listed", pending]],
    ];
    for (const [what, outcome, states] of outcomes) {
      it(`can be a ${title} ${what}`, async () => {
        const simulator = getSimulator();
        simulator.injectFault({ kind: "outcome", ...outcome });
        const id = await create(simulator, kind);
        assert.deepEqual(await watch(simulator, { id, looks: 3 }), states);
        const next = await create(simulator, kind);
        assert.deepEqual(await watch(simulator, { id: next, looks: 2 }), [pending, "Running"]);
      });
    }

    it(`can be a ${title} whose answer is lost, and that is listed late`, async () => {
      const simulator = getSimulator();
      simulator.injectFault({ kind: "lostAnswer", effect: "after", action });
      simulator.injectFault({ kind: "outcome", hiddenLooks: 1, action });
      await assert.rejects(create(simulator, kind));
      const [made] = simulator.created;
      assert.ok(made);
      assert.deepEqual(await watch(simulator, { id: made.id, looks: 3 }), ["not listed", pending, "Running"]);
    });

    it(`can be a ${title} without data, or without its password`, async () => {
      const simulator = getSimulator();
      simulator.injectFault({ kind: "outcome", usedMb: 7, ignoresPassword: true });
      const id = await create(simulator, kind, { Password: encode("secret-Pass1") });
      await look(simulator, id);
      const row = await look(simulator, id);
      assert.deepEqual([row?.UsedSize, row?.HasPassword], [7, false]);
    });

    it(`can be a refusal to delete a ${title}, for a while or until it is renewed`, async () => {
      const simulator = getSimulator();
      simulator.injectFault({ kind: "retCode", retCode: 20002, action: kind.delete, times: 2 });
      const codes = [];
      for (let number = 0; number < 2; number++) codes.push((await remove(simulator, kind)).RetCode);
      simulator.changeDatabase(kind.id, { isExpired: true });
      codes.push((await remove(simulator, kind)).RetCode);
      assert.equal((await look(simulator, kind.id))?.State, "Running");
      simulator.changeDatabase(kind.id, { isExpired: false });
      codes.push((await remove(simulator, kind)).RetCode);
      assert.deepEqual(codes, [20002, 20002, 20104, 0]);
      assert.deepEqual(await watch(simulator, { id: kind.id, looks: 2 }), ["Deleting", "not listed"]);
    });

    it(`can be a ${title} that cannot be deleted, and one that never is`, async () => {
      const simulator = getSimulator();
      simulator.injectFault({ kind: "outcome", action: kind.delete, state: "DeleteFail" });
      simulator.injectFault({ kind: "outcome", action: kind.delete, isStuck: true });
      await remove(simulator, kind);
      assert.deepEqual(await watch(simulator, { id: kind.id, looks: 2 }), ["Deleting", "DeleteFail"]);
      await remove(simulator, kind);
      assert.deepEqual(await watch(simulator, { id: kind.id, looks: 3 }), Array(3).fill("Deleting"));
    });

    it(`can be a backup of a ${title} that fails or never ends`, async () => {
      const simulator = getSimulator();
      simulator.injectFault({ kind: "outcome", action: kind.backUp, state: "Error" });
      const order = { ...address(kind), BackupName: "by-hand" };
      const { BackupId } = await succeed(simulator, kind.backUp, order);
      const place = address(kind);
      for (let number = 0; number < 2; number++)
        await succeed(simulator, kind.listBackups, { ...place, Limit: "100" });
      const rows = [...simulator.fleet.uredis, ...simulator.fleet.umem].map(({ row }) => row);
      const states = rows.filter((row) => row.BackupId === BackupId).map(({ State }) => State);
      assert.deepEqual(new Set(states), new Set([kind.kind === "uredis" ? "Error" : "Starting"]));
    });
  }

  for (const effect of ["before", "after"] as const) {
    it(`can hold a request ${effect} it takes effect, and then answer it`, async () => {
      const simulator = getSimulator();
      const held = simulator.hold({ action: "CreateURedisGroup", effect });
      const answer = send(simulator);
      const request = await held.reached;
      assert.equal(request.parameters.Name, NEW_GROUP.Name);
      assert.equal(simulator.created.length, effect === "after" ? 1 : 0);
      held.release();
      assert.match(await answer, /"GroupId":"uredis-/);
      assert.equal(simulator.created.length, 1);
    });

    it(`can hold a request ${effect} it takes effect, and then drop it`, async () => {
      const simulator = getSimulator();
      const held = simulator.hold({ action: "CreateURedisGroup", effect });
      const answer = send(simulator);
      await held.reached;
      held.drop();
      assert.equal(await answer, "lost");
      assert.equal(simulator.created.length, effect === "after" ? 1 : 0);
    });

    it(`lets a request that is held ${effect} it takes effect go on without its client`, async () => {
      const simulator = getSimulator();
      const held = simulator.hold({ action: "CreateURedisGroup", effect });
      const client = new AbortController();
      const body = new URLSearchParams(sign(simulator, CREATE));
      const answer = fetch(simulator.url, { method: "POST", body, signal: client.signal });
      await held.reached;
      client.abort();
      await assert.rejects(answer, { name: "AbortError" });
      held.release();
      // The next request is answered after the released one has taken effect.
      await succeed(simulator, "DescribeUMem", { Protocol: "redis" });
      assert.equal(simulator.created.length, 1);
    });
  }

  it("drop what is held when the simulator closes", async () => {
    const simulator = getSimulator();
    const held = simulator.hold({ effect: "before" });
    const answer = send(simulator);
    await held.reached;
    await simulator.close();
    assert.equal(await answer, "lost");
  });
});
