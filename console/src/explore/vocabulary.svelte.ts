// The fields of a dataset and the values they have, for completion.

import * as api from "../api.ts";
import { count } from "../format.ts";
import { typing } from "./question.ts";

const VALUES_MOST = 60;
/** Fields of other spans of the trace are offered by their prefix. */
const PREFIXES = ["root.", "parent.", "any.", "none."];

export interface Choice { text: string; note?: string }

export class Vocabulary {
  dataset = "";
  fields = $state.raw<api.Field[]>([]);
  choices = $state.raw<Choice[]>([]);
  loading = $state(false);
  readonly #types = $derived(new Map(this.fields.map((field) => [field.name, field.type])));
  #asked = "";

  /** Learns the fields of a dataset, once. */
  async learn(dataset: string): Promise<void> {
    if (dataset === this.dataset || !dataset) return;
    this.dataset = dataset;
    const names = dataset === "__all__" ? await api.datasets() : [dataset];
    const found = (await Promise.all(names.map((name) => api.fields(name)))).flat();
    if (this.dataset !== dataset) return;
    const types = new Map(found.map((field) => [field.name, field.type]));
    this.fields = [...types].map(([name, type]) => ({ name, type })).sort((a, b) => a.name.localeCompare(b.name));
  }

  /** The type of a field, whatever span of the trace it is asked of. */
  type(field: string): string | undefined {
    const prefix = PREFIXES.find((each) => field.startsWith(each)) ?? "";
    return this.#types.get(field.slice(prefix.length));
  }

  names(extra: string[] = []): Choice[] {
    return [...extra.filter(Boolean).map((text) => ({ text, note: "of this query" })),
      ...this.fields.map((field) => ({ text: field.name, note: field.type }))];
  }

  numbers(extra: string[] = []): Choice[] {
    return [...extra.filter(Boolean).map((text) => ({ text, note: "of this query" })),
      ...this.fields.filter((field) => field.type === "float" || field.type === "integer").map((field) => ({ text: field.name, note: field.type }))];
  }

  /** Looks up which values a field has; the newest wish wins. */
  async values(field: string, around: Record<string, unknown>): Promise<void> {
    const plain = field.replace(/^(root|parent|any\d?|none)\./, "");
    const wish = `${this.dataset}\n${plain}`;
    if (wish !== this.#asked) this.choices = [];
    this.#asked = wish;
    if (!plain) return;
    this.loading = true;
    try {
      const found = await api.values(this.dataset, plain, around, VALUES_MOST);
      if (this.#asked !== wish) return;
      this.choices = found.filter((each) => each.value !== null).map((each) =>
        ({ text: typing(each.value, this.type(plain)), note: count(each.count) }));
    } catch {
      // Completion is a help: where it fails a person types.
      if (this.#asked === wish) this.choices = [];
    } finally {
      if (this.#asked === wish) this.loading = false;
    }
  }
}

