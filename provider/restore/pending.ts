/** How long a creation whose answer was lost may still appear. After that, another one is made. */
export const GIVE_UP_MS = 30 * 60 * 1000;
