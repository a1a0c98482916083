import { createClient } from "redis";

/** Where to log in. */
export interface Login {
  readonly host: string;
  readonly port: number;
  readonly password?: string | undefined;
}

/** Logs in, runs a task and logs out. Fails at once if the server cannot be reached or refuses the password. */
export async function withRedis<Result>(
  { host, port, password }: Login,
  task: (client: ReturnType<typeof createClient>) => Promise<Result>,
): Promise<Result> {
  const client = createClient({
    socket: { host, port, reconnectStrategy: false },
    ...(password !== undefined && { password }),
  });
  // Without a listener, an error of the connection would end the process. The pending command rejects as well.
  client.on("error", () => undefined);
  await client.connect();
  try {
    return await task(client as ReturnType<typeof createClient>);
  } finally {
    client.destroy();
  }
}
