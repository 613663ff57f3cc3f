import type { Command } from "../plan/command.ts";
import type { Relation } from "../plan/relation.ts";
import type { CreateView, SchemaBinding } from "../plan/statement.ts";
import type { StructField } from "../types/data-type.ts";
import type { NameReference } from "./column-parser.ts";
import { TableParser } from "./table-parser.ts";

interface ViewClauses {
  comment?: string;
  schemaBinding?: SchemaBinding;
  collation?: string;
  properties?: Readonly<Record<string, string>>;
  isPartitioned?: boolean;
}

/** CREATE and DROP of views. */
export abstract class ViewParser extends TableParser {
  protected createView(
    first: number,
    flags: { readonly replace: boolean; readonly isTemporary: boolean; readonly isGlobal: boolean },
  ): Command {
    const ifNotExists = this.ifNotExists();
    const reference = this.nameReference();
    const viewType = flags.isGlobal ? "globalTemporary" : flags.isTemporary ? "temporary" : "persistent";
    const mode = flags.replace ? "createOrReplace" : ifNotExists ? "createIfNotExists" : "create";
    const using = this.#viewUsing(flags.isTemporary);
    if (using !== undefined) {
      const query: Relation = { kind: "OneRowRelation" };
      return {
        kind: "CreateView",
        ...reference,
        viewType,
        mode,
        columns: [],
        properties: {},
        query,
        queryText: "",
        using,
        origin: this.originFrom(first),
      };
    }
    const columns = this.at("(") ? this.#viewColumns() : [];
    const clauses = this.#viewClauses();
    this.expect("AS");
    if (this.at("dollar-quoted")) {
      this.pos++;
      return {
        kind: "UnsupportedStatement",
        feature: "CREATE VIEW WITH METRICS",
        origin: this.originFrom(first),
      };
    }
    const queryAt = this.pos;
    const query = this.query();
    const queryText = this.textBetween(queryAt, this.pos - 1);
    this.#checkView(first, reference, { ...flags, ifNotExists, ...clauses });
    return {
      kind: "CreateView",
      ...reference,
      viewType,
      mode,
      columns,
      ...(clauses.comment === undefined ? {} : { comment: clauses.comment }),
      ...(clauses.schemaBinding === undefined ? {} : { schemaBinding: clauses.schemaBinding }),
      ...(clauses.collation === undefined ? {} : { collation: clauses.collation }),
      properties: clauses.properties ?? {},
      query,
      queryText,
      origin: this.originFrom(first),
    };
  }

  #viewUsing(isTemporary: boolean): CreateView["using"] | undefined {
    if (!isTemporary) return undefined;
    const isList = this.at("(") && this.kindAt(this.closingOf(this.pos) + 1) === "USING";
    if (!isList && !this.at("USING")) return undefined;
    let fields: readonly StructField[] | undefined;
    if (isList) {
      this.pos++;
      fields = this.columnTypeList();
      this.expect(")");
    }
    this.expect("USING");
    const provider = this.multipartIdentifier().join(".");
    const options = this.accept("OPTIONS") ? this.propertyList() : {};
    return { provider, options, ...(fields === undefined ? {} : { schema: { kind: "struct", fields } }) };
  }

  #viewColumns(): CreateView["columns"] {
    this.expect("(");
    const columns = this.list(() => {
      const name = this.identifier();
      return this.at("COMMENT") ? { name, comment: this.comment() } : { name };
    });
    this.expect(")");
    return columns;
  }

  #viewClauses(): ViewClauses {
    const seen = new Set<string>();
    const clauses: ViewClauses = {};
    const repeated = new Set<string>();
    const once = (name: string): void => {
      if (seen.has(name)) repeated.add(name);
      seen.add(name);
    };
    for (;;) {
      if (this.at("COMMENT")) {
        clauses.comment = this.comment();
        once("COMMENT");
      } else if (this.at("WITH") && this.peek(1) === "SCHEMA") {
        clauses.schemaBinding = this.schemaBinding();
        once("WITH SCHEMA");
      } else if (this.atAll("WITH", "METRICS")) {
        this.pos += 2;
      } else if (this.at("LANGUAGE")) {
        this.pos += 2;
      } else if (this.atCollation()) {
        clauses.collation = this.collation();
        once("DEFAULT COLLATION");
      } else if (this.acceptAll("PARTITIONED", "ON")) {
        this.identifierList();
        clauses.isPartitioned = true;
        once("PARTITIONED ON");
      } else if (this.at("TBLPROPERTIES")) {
        this.pos++;
        clauses.properties = this.reservedTableProperties(this.propertyList());
        once("TBLPROPERTIES");
      } else {
        break;
      }
    }
    for (const clauseName of repeated) this.deferWhole("DUPLICATE_CLAUSES", { clauseName });
    return clauses;
  }

  #checkView(
    first: number,
    reference: NameReference,
    view: ViewClauses & {
      readonly replace: boolean;
      readonly isTemporary: boolean;
      readonly ifNotExists: boolean;
    },
  ): void {
    if (view.isPartitioned === true) this.invalidStatement(first, "CREATE VIEW ... PARTITIONED ON");
    if (!view.isTemporary) {
      if (view.replace && view.ifNotExists) {
        this.defer(first, this.pos - 1, "CREATE_VIEW_WITH_IF_NOT_EXISTS_AND_REPLACE", {
          viewName: reference.name.join("."),
        });
      }
      return;
    }
    if (view.ifNotExists) this.defer(first, this.pos - 1, "_LEGACY_ERROR_TEMP_0053");
    if (view.properties !== undefined)
      this.notAllowed(first, "TBLPROPERTIES can't coexist with CREATE TEMPORARY VIEW");
    if (view.schemaBinding !== undefined) {
      this.defer(first, this.pos - 1, "UNSUPPORTED_FEATURE.TEMPORARY_VIEW_WITH_SCHEMA_BINDING_MODE");
    }
    this.refuseQualifier(first, "VIEW", reference.name);
  }

  /** A temporary thing has a name of one part. */
  protected refuseQualifier(first: number, objectType: string, name: readonly string[]): void {
    if (name.length < 2) return;
    this.defer(first, this.pos - 1, "INVALID_TEMP_OBJ_QUALIFIER", {
      objectType,
      objectName: `\`${name.at(-1)}\``,
      qualifier: name
        .slice(0, -1)
        .map((part) => `\`${part}\``)
        .join("."),
    });
  }

  protected schemaBinding(): SchemaBinding {
    this.expectAll("WITH", "SCHEMA");
    if (this.accept("BINDING")) return "binding";
    if (this.accept("COMPENSATION")) return "compensation";
    // Without TYPE, columns follow the query; with it, only their types do.
    if (this.accept("EVOLUTION")) return "evolution";
    this.expectAll("TYPE", "EVOLUTION");
    return "typeEvolution";
  }

  protected dropView(first: number): Command {
    const ifExists = this.ifExists();
    return { kind: "DropView", ...this.nameReference(), ifExists, origin: this.originFrom(first) };
  }
}
