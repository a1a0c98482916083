/** What a bundle of its own holds (see bundles.ts): the server, and its library for the other bundles. */

export * as grpc from "@grpc/grpc-js";
export { listen } from "./listen";
