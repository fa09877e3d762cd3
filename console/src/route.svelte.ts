// Where the page is: its address holds the whole state, so every state is a link.

/** The address of the page as something to read and to change. */
export class Route {
  path = $state(location.pathname);
  search = $state(location.search);
  /** The parts of the path: incidents, i-42. */
  readonly parts = $derived(this.path.split("/").filter(Boolean).map(decoded));
  readonly parameters = $derived(new URLSearchParams(this.search));
  /** How many steps of this visit lie behind: what Undo can go back over. */
  depth = $state(0);

  #moved: () => void;

  constructor(moved: () => void) {
    this.#moved = moved;
    this.depth = Number((history.state as { depth?: number } | null)?.depth ?? 0);
  }

  start(): () => void {
    const back = (): void => this.#read();
    addEventListener("popstate", back);
    return () => removeEventListener("popstate", back);
  }

  go(address: string): void {
    if (address === location.pathname + location.search) return;
    history.pushState({ depth: this.depth + 1 }, "", address);
    this.#read();
  }

  /** Changes the address without a step back to where it was. */
  replace(address: string): void {
    history.replaceState({ depth: this.depth }, "", address);
    this.#read();
  }

  /** Changes some of the parameters; those that are empty go. */
  with(changed: Record<string, string>): string {
    const next = new URLSearchParams(this.search);
    for (const [name, each] of Object.entries(changed)) {
      if (each) next.set(name, each);
      else next.delete(name);
    }
    const text = next.toString();
    return this.path + (text ? `?${text}` : "");
  }

  #read(): void {
    this.path = location.pathname;
    this.search = location.search;
    this.depth = Number((history.state as { depth?: number } | null)?.depth ?? 0);
    this.#moved();
  }
}

/** The part as it was before it became one of an address; itself where it never was one. */
function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/** The link to an incident, a trace: what a name of any characters becomes in an address. */
export const link = (...parts: string[]): string => `/${parts.map(encodeURIComponent).join("/")}`;
