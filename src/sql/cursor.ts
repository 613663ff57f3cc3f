import { type ScopeTable, scopeAt } from "./cursor-scope.ts";
import { tokenize } from "./lexer.ts";
import type { ParseOptions } from "./parse-options.ts";
import { StatementParser } from "./statement-parser.ts";
import type { TokenKind } from "./tokens.ts";

/** What stands at a place in a SQL text, whole or not, for an editor that completes it. */
export interface CursorState {
  /** The statement around the place; `end` is after its last character. */
  readonly statement: { readonly start: number; readonly end: number };
  /** The word that is being written, up to the place; what a completion replaces. */
  readonly word: { readonly start: number; readonly text: string };
  /** Names and dots before the word: `a.b.` gives `a`, `b`. */
  readonly qualifier: readonly string[];
  /** The clause of the innermost query, in upper case: `SELECT`, `FROM`, `ON`; the first word of other statements. */
  readonly clause: string;
  /** Inside a string or a comment nothing is completed. */
  readonly isText: boolean;
  /** Tables and subqueries of the innermost query and of those around it, innermost first. */
  readonly tables: readonly ScopeTable[];
  /** Common tables that may be read here. */
  readonly commonTables: readonly string[];
  /** Whether a name may stand here: a column or function in an expression, a table after FROM. */
  readonly expects: readonly ("column" | "table")[];
  /** Words of the grammar that may stand here, in upper case, several together where only that makes sense. */
  readonly keywords: readonly string[];
}

const TABLE_CLAUSES: ReadonlySet<string> = new Set(["FROM", "JOIN", "INTO", "TABLE", "UPDATE", "VIEW"]);

/** Words of the grammar with, after `~`, what may complete them: to see whether the parser takes the words. */
const CANDIDATES: readonly (readonly [words: string, rest: string])[] = [
  // Statements.
  "SELECT~ 1|WITH~ x AS (SELECT 1) SELECT 1|VALUES~ (1)|TABLE~ t|INSERT INTO~ t VALUES (1)|INSERT OVERWRITE~ t SELECT 1",
  "UPDATE~ t SET a = 1|DELETE FROM~ t|MERGE INTO~ t USING s ON a WHEN MATCHED THEN DELETE|CREATE TABLE~ t (a INT)",
  "CREATE OR REPLACE TABLE~ t (a INT)|CREATE VIEW~ v AS SELECT 1|CREATE OR REPLACE VIEW~ v AS SELECT 1",
  "CREATE TEMPORARY VIEW~ v AS SELECT 1|CREATE DATABASE~ d|CREATE FUNCTION~ f() RETURN 1|DROP TABLE~ t|DROP VIEW~ v",
  "DROP DATABASE~ d|DROP FUNCTION~ f|ALTER TABLE~ t RENAME TO u|ALTER VIEW~ v AS SELECT 1|USE~ d|SHOW TABLES|SHOW DATABASES",
  "SHOW COLUMNS IN~ t|SHOW VIEWS|SHOW FUNCTIONS|SHOW CREATE TABLE~ t|SHOW PARTITIONS~ t|SHOW TBLPROPERTIES~ t|DESCRIBE~ t",
  "DESCRIBE EXTENDED~ t|DESCRIBE HISTORY~ t|EXPLAIN~ SELECT 1|SET~ x = 1|RESET|CACHE TABLE~ t|UNCACHE TABLE~ t|CLEAR CACHE",
  "REFRESH TABLE~ t|TRUNCATE TABLE~ t|ANALYZE TABLE~ t COMPUTE STATISTICS|DECLARE~ x INT|EXECUTE IMMEDIATE~ 'x'",
  "COMMENT ON TABLE~ t IS 'x'|BEGIN~ SELECT 1; END",
  // After CREATE, DROP, ALTER and SHOW alone.
  "TABLE~ t (a INT)|OR REPLACE~ TABLE t (a INT)|VIEW~ v AS SELECT 1|TEMPORARY VIEW~ v AS SELECT 1|DATABASE~ d|FUNCTION~ f() RETURN 1",
  "TABLE~ t RENAME TO u|TABLES|DATABASES|COLUMNS IN~ t|VIEWS|FUNCTIONS|CREATE TABLE~ t|PARTITIONS~ t|INTO~ t VALUES (1)|OVERWRITE~ t SELECT 1",
  // Clauses of queries.
  "DISTINCT~ a|ALL~ a|FROM~ t|WHERE~ a|GROUP BY~ a|BY~ a|HAVING~ a|QUALIFY~ a|WINDOW~ w AS (ORDER BY a)|ORDER BY~ a|SORT BY~ a",
  "CLUSTER BY~ a|DISTRIBUTE BY~ a|LIMIT~ 1|OFFSET~ 1|UNION~ SELECT 1|UNION ALL~ SELECT 1|EXCEPT~ SELECT 1|INTERSECT~ SELECT 1",
  "JOIN~ t|INNER JOIN~ t|LEFT JOIN~ t|RIGHT JOIN~ t|FULL JOIN~ t|CROSS JOIN~ t|NATURAL JOIN~ t|LEFT SEMI JOIN~ t|LEFT ANTI JOIN~ t",
  "LATERAL VIEW~ f(a) b|LATERAL~ (SELECT 1)|ON~ a|USING~ (a)|PIVOT~ (f(a) FOR b IN (1))|UNPIVOT~ (a FOR b IN (c))",
  "TABLESAMPLE~ (1 ROWS)|AS~ a|ASC|DESC|NULLS FIRST|NULLS LAST|ROLLUP~ (a)|CUBE~ (a)|GROUPING SETS~ (a)|WITH ROLLUP|WITH CUBE",
  "VERSION AS OF~ 1|TIMESTAMP AS OF~ 'x'",
  // Expressions.
  "AND~ a|OR~ a|NOT~ a|IN~ (1)|BETWEEN~ 1 AND 2|LIKE~ 'x'|ILIKE~ 'x'|RLIKE~ 'x'|IS NULL|IS NOT NULL|IS DISTINCT FROM~ a",
  "EXISTS~ (SELECT 1)|CASE~ WHEN a THEN b END|WHEN~ a THEN b END|THEN~ a END|ELSE~ a END|END|CAST~ (a AS INT)|TRY_CAST~ (a AS INT)",
  "NULL|TRUE|FALSE|INTERVAL~ 1 DAY|DATE~ '2020-01-01'|TIMESTAMP~ '2020-01-01'|OVER~ (ORDER BY a)|FILTER~ (WHERE a)",
  "WITHIN GROUP~ (ORDER BY a)|PARTITION BY~ a|ROWS BETWEEN~ CURRENT ROW AND CURRENT ROW|RANGE BETWEEN~ CURRENT ROW AND CURRENT ROW",
  "UNBOUNDED PRECEDING|CURRENT ROW|PRECEDING|FOLLOWING|ESCAPE~ '/'|DIV~ 1",
  // The rest of other statements.
  "SET~ a = 1|VALUES~ (1)|BY NAME~ SELECT 1|PARTITION~ (a = 1)|REPLACE WHERE~ a|DEFAULT|IF EXISTS~ t|IF NOT EXISTS~ t|USING~ s",
  "PARTITIONED BY~ (a)|LOCATION~ 'x'|COMMENT~ 'x'|TBLPROPERTIES~ (a = 1)|OPTIONS~ (a = 1)|NOT NULL|GENERATED ALWAYS AS~ (a)",
  "WHEN MATCHED~ THEN DELETE|WHEN NOT MATCHED~ THEN INSERT *|UPDATE SET~ a = 1|ADD COLUMNS~ (a INT)|DROP COLUMN~ a|RENAME TO~ t",
  "RENAME COLUMN~ a TO b|ALTER COLUMN~ a TYPE INT|SET TBLPROPERTIES~ (a = 1)|EXTENDED~ t|FORMATTED~ SELECT 1|CASCADE|RESTRICT|PURGE",
].flatMap((line) =>
  line
    .split("|")
    .map((one): readonly [string, string] => [one.split("~")[0] as string, one.split("~")[1] ?? ""]),
);

/** Words that are taken as such when the cursor stands right after them, though they might be names. */
const LEADING_WORDS: ReadonlySet<TokenKind> = new Set(
  (
    "SELECT DISTINCT FROM WHERE BY HAVING QUALIFY ON USING JOIN LIMIT OFFSET AND OR NOT CASE WHEN THEN ELSE AS IN SET " +
    "INTO VALUES TABLE VIEW UPDATE LATERAL OVER BETWEEN LIKE IS EXISTS UNION ALL EXCEPT INTERSECT WITH"
  ).split(" ") as TokenKind[],
);

/** Reads a text whose last words are on trial: they count only as words of the grammar, never as names. */
class Probe extends StatementParser {
  readonly #from: number;
  readonly #to: number;

  constructor(text: string, options: ParseOptions, from: number, to: number) {
    super(text, options);
    this.#from = from;
    this.#to = to;
  }

  protected override isIdentifier(index: number, strict = false): boolean {
    const isLeading = index === this.#from - 1 && LEADING_WORDS.has(this.kindAt(index));
    return (index < this.#from || index > this.#to) && !isLeading && super.isIdentifier(index, strict);
  }

  /** Whether the words on trial are taken, whatever is wrong after them. */
  takes(): boolean {
    try {
      this.parseSingle();
      return true;
    } catch {
      return this.failedAt > this.#to;
    }
  }
}

/** The state at a place (0 is before the first character) of a text that need not be well formed. */
export function cursorState(text: string, at: number, options: ParseOptions = {}): CursorState {
  const { kinds, starts, ends } = tokenize(text);
  let first = 0;
  let last = kinds.length - 1;
  for (let i = 0; i < kinds.length; i++) {
    if (kinds[i] !== ";") continue;
    if ((ends[i] as number) <= at) first = i + 1;
    else {
      last = i;
      break;
    }
  }
  const statement = {
    start: first === 0 ? 0 : (ends[first - 1] as number),
    end: starts[last] ?? text.length,
  };
  // The word under the cursor, and the names before it.
  let index = first;
  while (index < last && (ends[index] as number) < at) index++;
  const isInWord = index < last && (starts[index] as number) < at && isWordLike(kinds[index] as TokenKind);
  const wordStart = isInWord ? (starts[index] as number) : at;
  const isText = isInsideText(text, at, kinds, starts, ends);
  let before = isInWord ? index : lastBefore(ends, first, last, at);
  const qualifier: string[] = [];
  while (before - 2 >= first && kinds[before - 1] === "." && isWordLike(kinds[before - 2] as TokenKind)) {
    qualifier.unshift(text.slice(starts[before - 2], ends[before - 2]).replace(/^`(.*)`$/s, "$1"));
    before -= 2;
  }
  const scope = scopeAt(text.slice(statement.start, statement.end), wordStart - statement.start);
  const prefix = text.slice(statement.start, wordStart);
  const isQualified = qualifier.length > 0;
  const keywords = isText || isQualified ? [] : following(prefix, options);
  // Where AS may stand, a name would be an alias.
  const mayBeName = !isText && (isQualified || (!keywords.includes("AS") && takesName(prefix, options)));
  const isTable = TABLE_CLAUSES.has(scope.clause);
  return {
    statement,
    word: { start: wordStart, text: text.slice(wordStart, at) },
    qualifier,
    clause: scope.clause,
    isText,
    tables: scope.tables,
    commonTables: scope.commonTables,
    expects: mayBeName ? [isTable ? "table" : "column"] : [],
    keywords,
  };
}

function isWordLike(kind: TokenKind): boolean {
  return kind === "name" || kind === "backquoted" || /^[A-Z]/.test(kind);
}

/** The number of tokens that end at or before a place, as an index. */
function lastBefore(ends: readonly number[], first: number, last: number, at: number): number {
  let index = first;
  while (index < last && (ends[index] as number) <= at) index++;
  return index;
}

function isInsideText(
  text: string,
  at: number,
  kinds: readonly TokenKind[],
  starts: readonly number[],
  ends: readonly number[],
): boolean {
  for (let i = 0; i < kinds.length; i++) {
    const [start, end] = [starts[i] as number, ends[i] as number];
    if (start < at && at < end && (kinds[i] === "string" || kinds[i] === "double-quoted")) return true;
    // A quote that is never closed.
    if (kinds[i] === "unrecognized" && end <= at && /['"]/.test(text[start] as string)) return true;
  }
  const line = text.slice(text.lastIndexOf("\n", at - 1) + 1, at);
  const opened = text.lastIndexOf("/*", at - 1);
  const isInBlock = opened !== -1 && !text.slice(opened, at).includes("*/") && text[opened + 2] !== "+";
  return isInBlock || /^[^'"`]*--/.test(line);
}

/** The words that the parser would take after a text. */
function following(prefix: string, options: ParseOptions): readonly string[] {
  const count = tokenize(prefix).kinds.length - 1;
  const found = new Set<string>();
  for (const [words, rest] of CANDIDATES) {
    if (found.has(words)) continue;
    const to = count + words.split(" ").length - 1;
    if (new Probe(`${prefix} ${words}${rest}`, options, count, to).takes()) found.add(words);
  }
  // Where an operand may begin, these would be a function and the start of another one.
  if (found.has("CASE")) for (const words of ["FILTER", "NOT NULL"]) found.delete(words);
  return [...found];
}

/** Whether a name would be taken after a text. */
function takesName(prefix: string, options: ParseOptions): boolean {
  const count = tokenize(prefix).kinds.length - 1;
  class NameProbe extends Probe {
    protected override isIdentifier(index: number, strict = false): boolean {
      return index === count || super.isIdentifier(index, strict);
    }
  }
  return new NameProbe(`${prefix} zz`, options, count, count).takes();
}
