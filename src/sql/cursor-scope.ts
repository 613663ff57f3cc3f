import { tokenize } from "./lexer.ts";
import type { TokenKind } from "./tokens.ts";

/** A relation that a query reads: its name, its alias, or the columns that a subquery's text shows. */
export interface ScopeTable {
  /** Absent for a subquery. */
  readonly name?: readonly string[];
  readonly alias?: string;
  /** Of a subquery with a plain select list: names it gives its columns. */
  readonly columns?: readonly string[];
}

export interface Scope {
  readonly clause: string;
  readonly tables: readonly ScopeTable[];
  readonly commonTables: readonly string[];
}

/** A query that is open while the tokens are walked. */
interface QueryScope {
  clause: string;
  readonly tables: ScopeTable[];
  readonly commonTables: string[];
  /** Names of the select list so far. */
  readonly columns: string[];
  readonly parent: QueryScope | undefined;
  /** Only a bracket in an expression: its names are those around it. */
  readonly isPlain: boolean;
  /** The name of the common table whose query this is. */
  readonly definedAs?: string;
}

const CLAUSES: ReadonlySet<TokenKind> = new Set<TokenKind>([
  "SELECT",
  "FROM",
  "JOIN",
  "ON",
  "WHERE",
  "HAVING",
  "QUALIFY",
  "LIMIT",
  "OFFSET",
  "VALUES",
  "SET",
  "INTO",
  "USING",
  "TABLE",
  "VIEW",
  "UPDATE",
  "WITH",
]);
const BY_CLAUSES: ReadonlySet<TokenKind> = new Set<TokenKind>([
  "GROUP",
  "ORDER",
  "SORT",
  "CLUSTER",
  "DISTRIBUTE",
  "PARTITION",
]);
const SET_OPERATIONS: ReadonlySet<TokenKind> = new Set<TokenKind>(["UNION", "EXCEPT", "INTERSECT", "MINUS"]);
const QUERY_WORDS: ReadonlySet<TokenKind> = new Set<TokenKind>(["SELECT", "WITH", "VALUES", "FROM", "TABLE"]);
/** Words that are no alias when they stand after a table. */
const NO_ALIAS: ReadonlySet<TokenKind> = new Set<TokenKind>([
  ...CLAUSES,
  ...BY_CLAUSES,
  ...SET_OPERATIONS,
  "INNER",
  "LEFT",
  "RIGHT",
  "FULL",
  "CROSS",
  "NATURAL",
  "SEMI",
  "ANTI",
  "LATERAL",
  "PIVOT",
  "UNPIVOT",
  "TABLESAMPLE",
  "WINDOW",
  "WHEN",
  "VERSION",
  "TIMESTAMP",
]);

/** What is in scope at a place of one statement. Brackets need not match and clauses may be cut short. */
export function scopeAt(text: string, at: number): Scope {
  return new ScopeReader(text).read(at);
}

class ScopeReader {
  readonly #text: string;
  readonly #kinds: readonly TokenKind[];
  readonly #starts: readonly number[];
  readonly #ends: readonly number[];

  constructor(text: string) {
    this.#text = text;
    const { kinds, starts, ends } = tokenize(text);
    this.#kinds = kinds;
    this.#starts = starts;
    this.#ends = ends;
  }

  read(at: number): Scope {
    let scope = newScope(undefined, false);
    let here: { readonly scope: QueryScope; readonly clause: string } | undefined;
    for (let i = 0; i < this.#kinds.length; i++) {
      if (here === undefined && (this.#starts[i] as number) >= at) here = { scope, clause: scope.clause };
      const kind = this.#kinds[i] as TokenKind;
      if (kind === "(") scope = this.#open(scope, i);
      else if (kind === ")") scope = this.#close(scope, i);
      else this.#step(scope, kind, i);
    }
    here ??= { scope, clause: scope.clause };
    return collect(here.scope, here.clause);
  }

  #step(scope: QueryScope, kind: TokenKind, i: number): void {
    const previous = this.#kinds[i - 1];
    if (CLAUSES.has(kind) && previous !== ".") {
      if (kind === "SELECT") scope.columns.length = 0;
      scope.clause = kind;
      if (kind === "FROM" || kind === "JOIN" || kind === "INTO" || kind === "UPDATE" || kind === "TABLE")
        this.#table(scope, i + 1);
    } else if (BY_CLAUSES.has(kind) && this.#kinds[i + 1] === "BY") {
      scope.clause = `${kind} BY`;
    } else if (SET_OPERATIONS.has(kind) && scope.clause !== "SELECT") {
      // The other side reads tables of its own.
      scope.tables.length = 0;
      scope.clause = kind;
    } else if (kind === "," && scope.clause === "FROM") {
      this.#table(scope, i + 1);
    } else if (scope.clause === "" && i === 0) {
      scope.clause = kind === "name" ? this.#textOf(i).toUpperCase() : kind;
    } else if (scope.clause === "SELECT" && this.#endsItem(i + 1) && isName(kind)) {
      scope.columns.push(this.#nameOf(i));
    }
  }

  #endsItem(i: number): boolean {
    const kind = this.#kinds[i];
    return kind === "," || kind === "FROM" || kind === ")" || kind === "end" || kind === undefined;
  }

  /** A table's name and alias, where one begins. */
  #table(scope: QueryScope, from: number): void {
    let i = from;
    while (
      this.#kinds[i] === "LATERAL" ||
      this.#kinds[i] === "TABLE" ||
      (this.#kinds[i] === "IF" && this.#kinds[i + 1] !== ".")
    )
      i++;
    if (!isName(this.#kinds[i]) || NO_ALIAS.has(this.#kinds[i] as TokenKind)) return;
    const name = [this.#nameOf(i++)];
    while (this.#kinds[i] === "." && isName(this.#kinds[i + 1])) {
      name.push(this.#nameOf(i + 1));
      i += 2;
    }
    if (this.#kinds[i] === "(") i = this.#closing(i) + 1;
    const alias = this.#alias(i);
    scope.tables.push({ name, ...(alias === undefined ? {} : { alias }) });
  }

  #alias(from: number): string | undefined {
    const i = this.#kinds[from] === "AS" ? from + 1 : from;
    const kind = this.#kinds[i];
    return isName(kind) && !NO_ALIAS.has(kind as TokenKind) ? this.#nameOf(i) : undefined;
  }

  #open(scope: QueryScope, i: number): QueryScope {
    const isQuery = QUERY_WORDS.has(this.#kinds[i + 1] as TokenKind) && this.#kinds[i + 2] !== "(";
    if (!isQuery) return { ...newScope(scope, true), clause: scope.clause };
    if (scope.clause !== "WITH") return newScope(scope, false);
    // `name [(columns)] AS (`
    let nameAt = i - 1;
    if (this.#kinds[nameAt] === "AS") nameAt--;
    if (this.#kinds[nameAt] === ")") while (nameAt > 0 && this.#kinds[nameAt] !== "(") nameAt--;
    if (this.#kinds[nameAt] === "(") nameAt--;
    return { ...newScope(scope, false), definedAs: this.#nameOf(nameAt) };
  }

  #close(scope: QueryScope, i: number): QueryScope {
    const { parent } = scope;
    if (parent === undefined) return scope;
    if (scope.isPlain) return parent;
    if (scope.definedAs !== undefined) parent.commonTables.push(scope.definedAs);
    else if (parent.clause === "FROM" || parent.clause === "JOIN" || parent.clause === "USING") {
      const alias = this.#alias(i + 1);
      parent.tables.push({ ...(alias === undefined ? {} : { alias }), columns: [...scope.columns] });
    }
    return parent;
  }

  #closing(open: number): number {
    let depth = 0;
    for (let i = open; i < this.#kinds.length; i++) {
      if (this.#kinds[i] === "(") depth++;
      else if (this.#kinds[i] === ")" && --depth === 0) return i;
    }
    return this.#kinds.length;
  }

  #textOf(i: number): string {
    return this.#text.slice(this.#starts[i], this.#ends[i]);
  }

  #nameOf(i: number): string {
    return this.#textOf(i).replace(/^`(.*)`$/s, "$1");
  }
}

function newScope(parent: QueryScope | undefined, isPlain: boolean): QueryScope {
  return { clause: "", tables: [], commonTables: [], columns: [], parent, isPlain };
}

function isName(kind: TokenKind | undefined): boolean {
  return kind !== undefined && (kind === "name" || kind === "backquoted" || /^[A-Z]/.test(kind));
}

function collect(scope: QueryScope, clause: string): Scope {
  const tables: ScopeTable[] = [];
  const commonTables: string[] = [];
  for (let open: QueryScope | undefined = scope; open !== undefined; open = open.parent) {
    tables.push(...open.tables);
    commonTables.push(...open.commonTables);
  }
  return { clause, tables, commonTables };
}
