// What a dry run would change, as lines.

export interface Line { sign: "+" | "−" | " "; text: string }
export interface Preview { notes: string[]; lines: Line[] }

const LINES_MOST = 400;
const AROUND = 2;

/** Reads the answer to a dry run: sentences, and the flag's lines that would change. */
export function changed(answer: unknown): Preview {
  if (!answer || typeof answer !== "object") return { notes: [], lines: [] };
  const told = answer as Record<string, unknown>;
  const inner = (told["mitigation"] ?? told["outcome"] ?? told) as Record<string, unknown>;
  const notes: string[] = [];
  for (const key of ["summary", "note", "notes", "touches", "refusals", "why"]) {
    const said = told[key] ?? inner[key];
    if (typeof said === "string" && said) notes.push(said);
    if (Array.isArray(said)) notes.push(...said.filter((each) => typeof each === "string"));
  }
  const before = pretty(told["before"] ?? inner["before"]);
  const after = pretty(told["after"] ?? inner["after"]);
  const lines = before.length || after.length ? near(difference(before, after)) : [];
  if (lines.length === 0 && notes.length === 0) notes.push("Nothing would change.");
  return { notes: [...new Set(notes)], lines };
}

/** The lines of both, in order: the common ones once, the others signed. */
export function difference(before: string[], after: string[]): Line[] {
  if (before.length > LINES_MOST || after.length > LINES_MOST) {
    return [{ sign: " ", text: "The flag is too long to show what would change." }];
  }
  const common = lengths(before, after);
  const lines: Line[] = [];
  let i = 0;
  let j = 0;
  while (i < before.length || j < after.length) {
    const left = before[i];
    const right = after[j];
    if (left !== undefined && left === right) {
      lines.push({ sign: " ", text: left });
      i++;
      j++;
    } else if (left !== undefined && (right === undefined || at(common, i + 1, j) >= at(common, i, j + 1))) {
      lines.push({ sign: "−", text: left });
      i++;
    } else {
      lines.push({ sign: "+", text: right ?? "" });
      j++;
    }
  }
  return lines;
}

/** How long the longest common run of lines is, from each pair of places on. */
function lengths(before: string[], after: string[]): number[][] {
  const table = Array.from({ length: before.length + 1 }, () => new Array<number>(after.length + 1).fill(0));
  for (let i = before.length - 1; i >= 0; i--) {
    for (let j = after.length - 1; j >= 0; j--) {
      const row = table[i] as number[];
      row[j] = before[i] === after[j]
        ? at(table, i + 1, j + 1) + 1
        : Math.max(at(table, i + 1, j), at(table, i, j + 1));
    }
  }
  return table;
}

const at = (table: number[][], i: number, j: number): number => table[i]?.[j] ?? 0;

/** Only the lines that change, and the few around them. */
function near(lines: Line[]): Line[] {
  const keep = lines.map((_, index) =>
    lines.slice(Math.max(0, index - AROUND), index + AROUND + 1).some((each) => each.sign !== " "));
  return lines.filter((_, index) => keep[index]);
}

function pretty(definition: unknown): string[] {
  if (definition === undefined || definition === null || definition === "") return [];
  let tree: unknown = definition;
  if (typeof definition === "string") {
    try {
      tree = JSON.parse(definition);
    } catch {
      return definition.split("\n");
    }
  }
  return JSON.stringify(tree, null, 2).split("\n");
}
