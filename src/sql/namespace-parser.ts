import type { Command } from "../plan/command.ts";
import type { TableConstraint } from "../plan/statement.ts";
import { ColumnParser } from "./column-parser.ts";

/** CREATE, ALTER and DROP of databases. */
export abstract class NamespaceParser extends ColumnParser {
  #constraints: TableConstraint[] = [];

  protected onColumnConstraint(constraint: TableConstraint): void {
    this.#constraints.push(constraint);
  }

  /** The constraints written beside columns since the last call. */
  protected takeConstraints(): TableConstraint[] {
    const found = this.#constraints;
    this.#constraints = [];
    return found;
  }

  protected isNamespaceWord(index: number): boolean {
    const kind = this.kindAt(index);
    return kind === "NAMESPACE" || kind === "DATABASE" || kind === "SCHEMA";
  }

  protected createNamespace(first: number): Command {
    const ifNotExists = this.ifNotExists();
    const reference = this.nameReference();
    const seen = new Set<string>();
    let comment: string | undefined;
    let location: string | undefined;
    let collation: string | undefined;
    let properties: Readonly<Record<string, string>> = {};
    for (;;) {
      if (this.at("COMMENT")) {
        comment = this.comment();
        this.refuseRepeated(seen, "COMMENT");
      } else if (this.at("LOCATION")) {
        location = this.location();
        this.refuseRepeated(seen, "LOCATION");
      } else if (this.atCollation()) {
        collation = this.#schemaCollation();
        this.refuseRepeated(seen, "DEFAULT COLLATION");
      } else if (this.at("WITH") && (this.peek(1) === "DBPROPERTIES" || this.peek(1) === "PROPERTIES")) {
        const word = this.textOf(this.pos + 1).toUpperCase();
        this.pos += 2;
        properties = this.#reservedNamespaceProperties(this.propertyList());
        this.refuseRepeated(seen, `WITH ${word}`);
        if (seen.has("WITH PROPERTIES") && seen.has("WITH DBPROPERTIES")) {
          this.deferWhole("UNSUPPORTED_FEATURE.SET_PROPERTIES_AND_DBPROPERTIES");
        }
      } else {
        break;
      }
    }
    return {
      kind: "CreateNamespace",
      ...reference,
      ifNotExists,
      ...(comment === undefined ? {} : { comment }),
      ...(location === undefined ? {} : { location }),
      ...(collation === undefined ? {} : { collation }),
      properties,
      origin: this.originFrom(first),
    };
  }

  #schemaCollation(): string {
    const collation = this.collation();
    if (!this.options.schemaCollations) this.deferPlain("UNSUPPORTED_FEATURE.SCHEMA_LEVEL_COLLATIONS", {});
    return collation;
  }

  #reservedNamespaceProperties(
    properties: Readonly<Record<string, string>>,
  ): Readonly<Record<string, string>> {
    for (const property of ["location", "owner"]) {
      if (property in properties) {
        this.deferWhole("UNSUPPORTED_FEATURE.SET_NAMESPACE_PROPERTY", {
          property,
          msg:
            property === "owner"
              ? "it will be set to the current user"
              : "please use the LOCATION clause to specify it",
        });
      }
    }
    return properties;
  }

  protected dropNamespace(first: number): Command {
    const ifExists = this.ifExists();
    const reference = this.nameReference();
    const cascade = this.accept("CASCADE");
    if (!cascade) this.accept("RESTRICT");
    return { kind: "DropNamespace", ...reference, ifExists, cascade, origin: this.originFrom(first) };
  }

  protected alterNamespace(first: number): Command {
    const reference = this.nameReference();
    const action = this.#namespaceAction();
    return { kind: "AlterNamespace", ...reference, action, origin: this.originFrom(first) };
  }

  #namespaceAction(): Extract<Command, { kind: "AlterNamespace" }>["action"] {
    if (this.atCollation()) return { type: "setCollation", collation: this.#schemaCollation() };
    const unset = this.accept("UNSET");
    if (!unset) this.expect("SET");
    if (!unset && this.at("LOCATION")) return { type: "setLocation", location: this.location() };
    if (!this.accept("DBPROPERTIES")) this.expect("PROPERTIES");
    if (unset) return { type: "unsetProperties", keys: this.propertyKeys() };
    return {
      type: "setProperties",
      properties: this.#reservedNamespaceProperties(this.propertyList()),
    };
  }
}
