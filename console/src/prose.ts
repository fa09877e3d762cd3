// Text that a person wrote, as blocks and pieces: headings, lists, links, code, what is strong. The
// page makes elements of them and never of the text itself.

export type Piece =
  | { kind: "plain" | "strong" | "code"; text: string }
  | { kind: "link"; text: string; address: string };
export type Block =
  | { kind: "heading" | "paragraph"; pieces: Piece[] }
  | { kind: "list"; items: Piece[][] };

const PIECE = /`([^`\n]+)`|\*\*([^*\n]+)\*\*|\[([^\]\n]+)\]\(([^)\s]+)\)|(https?:\/\/[^\s<>"]*[^\s<>".,;:!?)])/g;

/** Where a link may lead: elsewhere in the web, or to a page of this console. */
const isAddress = (text: string): boolean => /^https?:\/\/[^\s]+$/i.test(text) || /^\/(?![/\\])/.test(text);

export function pieces(line: string): Piece[] {
  const found: Piece[] = [];
  let end = 0;
  for (const match of line.matchAll(PIECE)) {
    const [whole, code, strong, name, address, bare] = match;
    const piece: Piece | null = code !== undefined ? { kind: "code", text: code }
      : strong !== undefined ? { kind: "strong", text: strong }
        : bare !== undefined ? { kind: "link", text: bare, address: bare }
          : name !== undefined && address !== undefined && isAddress(address) ? { kind: "link", text: name, address }
            : null;
    if (!piece) continue;
    if (match.index > end) found.push({ kind: "plain", text: line.slice(end, match.index) });
    found.push(piece);
    end = match.index + whole.length;
  }
  if (end < line.length) found.push({ kind: "plain", text: line.slice(end) });
  return found;
}

/** The blocks of a text: empty lines end a paragraph, # begins a heading, - an item. */
export function blocks(text: string): Block[] {
  const found: Block[] = [];
  let isOpen = false;
  for (const line of text.split(/\r?\n/)) {
    const last = found.at(-1);
    const heading = /^#{1,3} +(.*)$/.exec(line);
    const item = /^[-*] +(.*)$/.exec(line);
    if (heading) found.push({ kind: "heading", pieces: pieces(heading[1] ?? "") });
    else if (item && isOpen && last?.kind === "list") last.items.push(pieces(item[1] ?? ""));
    else if (item) found.push({ kind: "list", items: [pieces(item[1] ?? "")] });
    else if (line.trim() && isOpen && last?.kind === "paragraph") last.pieces.push({ kind: "plain", text: "\n" }, ...pieces(line));
    else if (line.trim()) found.push({ kind: "paragraph", pieces: pieces(line) });
    isOpen = line.trim() !== "" && !heading;
  }
  return found;
}
