/** How long something takes: as many listings show it unfinished, or so many seconds pass. */
export type Duration = { readonly looks: number } | { readonly seconds: number };

/** What takes time. */
export type Operation = "create" | "delete" | "resize" | "password" | "backup";

/** The time that each operation takes. */
export type Provisioning = Readonly<Partial<Record<Operation, Duration>>>;

/** The clock of the simulated cloud: the real time, plus the seconds that tests add. */
export class SimulatedClock {
  private addedSeconds = 0;

  /** Returns UNIX time in seconds, with fractions. */
  now(): number {
    return Date.now() / 1000 + this.addedSeconds;
  }

  /** Moves the clock forward. @throws RangeError for a negative number */
  advance(seconds: number): void {
    if (!(seconds >= 0))
      throw new RangeError("The clock cannot be moved by " + String(seconds) + " seconds.");
    this.addedSeconds += seconds;
  }
}

interface Step {
  /** The database or backup that is changing. */
  readonly id: string;
  looks: number;
  readonly dueAt: number;
  /** Whether what the step waits for is done, apart from looks and time. */
  isReady: boolean;
  readonly finish: () => void;
}

/** A change that takes time. */
export interface Beginning {
  /** The database or backup that changes. */
  readonly id: string;
  readonly operation: Operation;
  readonly finish: () => void;
  /** Replaces the operation's usual time. */
  readonly duration?: Duration | undefined;
  /** The change also waits for this. */
  readonly until?: Promise<unknown> | undefined;
}

/** The changes that are under way. */
export class Lifecycles {
  private steps: Step[] = [];

  constructor(
    private readonly clock: SimulatedClock,
    private readonly provisioning: Required<Provisioning>,
  ) {}

  /** Starts a change. It may be finished when this returns. */
  begin({ id, operation, finish, duration = this.provisioning[operation], until }: Beginning): void {
    const step: Step = {
      id,
      looks: "looks" in duration ? duration.looks : 0,
      dueAt: "seconds" in duration ? this.clock.now() + duration.seconds : -Infinity,
      isReady: until === undefined,
      finish,
    };
    this.steps.push(step);
    void until?.then(() => {
      step.isReady = true;
      this.settle();
    });
    this.settle();
  }

  /** Counts a look at each of these databases or backups. */
  look(ids: Iterable<string>): void {
    const seen = new Set(ids);
    for (const step of this.steps) if (seen.has(step.id)) step.looks -= 1;
    this.settle();
  }

  /** Finishes what is due. */
  settle(): void {
    const now = this.clock.now();
    const isDue = ({ looks, dueAt, isReady }: Step): boolean => isReady && looks <= 0 && dueAt <= now;
    const due = this.steps.filter(isDue);
    if (due.length === 0) return;
    this.steps = this.steps.filter((step) => !due.includes(step));
    for (const { finish } of due) finish();
  }

  /** Drops all changes of a database or backup: they never finish. */
  cancel(id: string): void {
    this.steps = this.steps.filter((step) => step.id !== id);
  }

  /** Whether a change of the database or backup is under way. */
  isChanging(id: string): boolean {
    return this.steps.some((step) => step.id === id);
  }
}
