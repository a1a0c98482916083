/**
 * Lets calls begin one after another. A program may make hundreds of calls at once, and preparing them takes longer
 * than the API takes to answer the first. Answers that arrive meanwhile are worked on between two calls, so that the
 * next requests are sent.
 */

const waiting: (() => void)[] = [];

/** Resolves in a turn of the event loop in which no other call begins. */
export function takeStartTurn(): Promise<void> {
  return new Promise((resolve) => {
    waiting.push(resolve);
    if (waiting.length === 1) setImmediate(begin);
  });
}

function begin(): void {
  waiting.shift()?.();
  if (waiting.length > 0) setImmediate(begin);
}
