import type { handleUnaryCall } from "@grpc/grpc-js";
import { describeError } from "./rpcErrors";

/** A handler of a call that has one answer. */
export function unary<Message, Answer>(
  handle: (message: Message) => Answer | Promise<Answer>,
): handleUnaryCall<Message, Answer> {
  return (call, callback) => {
    // The promise also catches errors of synchronous handlers, so that one bad call does not end the process.
    Promise.resolve()
      .then(() => handle(call.request))
      .then(
        (answer) => callback(null, answer),
        (error: unknown) => callback(describeError(error)),
      );
  };
}
