// What a person typed and has not saved: kept in this browser's tab over a reload or a restart.

const PREFIX = "typed/";

/** What was typed there; null where nothing was. */
export function kept<T>(place: string): T | null {
  try {
    return JSON.parse(sessionStorage.getItem(PREFIX + place) ?? "null") as T | null;
  } catch {
    return null;
  }
}

export function keepTyped(place: string, typed: unknown): void {
  try {
    sessionStorage.setItem(PREFIX + place, JSON.stringify(typed));
  } catch {
    // No room, or not allowed: the page itself still has it.
  }
}

export function forget(place: string): void {
  sessionStorage.removeItem(PREFIX + place);
}
