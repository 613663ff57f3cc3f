import { javascript } from "@codemirror/lang-javascript";
import { MySQL, sql } from "@codemirror/lang-sql";
import { HighlightStyle, syntaxHighlighting } from "@codemirror/language";
import { Compartment, EditorState, type Extension, Prec, StateEffect, StateField } from "@codemirror/state";
import { Decoration, type DecorationSet, EditorView, keymap } from "@codemirror/view";
import { tags } from "@lezer/highlight";
import { basicSetup } from "codemirror";
import type { NotebookCell } from "./notebook.ts";

export interface Editor {
  code(): string;
  setCode(code: string): void;
  setLanguage(language: NotebookCell["language"]): void;
  /** Underlines a place: a line (and column) counted from 1, or a piece of the text. */
  markError(
    place: { readonly line?: number; readonly column?: number; readonly fragment?: string } | undefined,
  ): void;
  focus(): void;
}

const setMark = StateEffect.define<{ readonly from: number; readonly to: number } | undefined>();

const marks = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update(current, transaction) {
    let next = current.map(transaction.changes);
    for (const effect of transaction.effects) {
      if (!effect.is(setMark)) continue;
      next =
        effect.value === undefined
          ? Decoration.none
          : Decoration.set([
              Decoration.mark({ class: "lakelet-error" }).range(effect.value.from, effect.value.to),
            ]);
    }
    return next;
  },
  provide: (field) => EditorView.decorations.from(field),
});

const LANGUAGES: Readonly<Record<NotebookCell["language"], () => Extension | Promise<Extension>>> = {
  typescript: () => javascript({ typescript: true }),
  // Backquoted names and double-quoted strings, as in Spark.
  sql: () => sql({ dialect: MySQL, upperCaseKeywords: true }),
  python: async () => (await import("@codemirror/lang-python")).python(),
  markdown: () => EditorView.lineWrapping,
};

const LOOK = EditorView.theme({
  "&": { fontSize: "14px", backgroundColor: "transparent", color: "var(--ink)" },
  "&.cm-focused": { outline: "none" },
  ".cm-content": { fontFamily: "var(--code-face)", padding: "10px 0", caretColor: "var(--ink)" },
  ".cm-gutters": { backgroundColor: "transparent", color: "var(--faint)", border: "none" },
  ".cm-activeLine, .cm-activeLineGutter": { backgroundColor: "var(--stripe)" },
  ".cm-cursor": { borderLeftColor: "var(--ink)" },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground": {
    backgroundColor: "var(--selection)",
  },
  ".cm-selectionMatch": { backgroundColor: "var(--stripe)" },
  "&.cm-focused .cm-matchingBracket": { backgroundColor: "var(--selection)" },
  ".cm-tooltip, .cm-panels": {
    backgroundColor: "var(--raised)",
    color: "var(--ink)",
    borderColor: "var(--line)",
  },
  ".cm-foldPlaceholder": {
    backgroundColor: "var(--stripe)",
    borderColor: "var(--line)",
    color: "var(--faint)",
  },
  ".lakelet-error": { textDecoration: "underline wavy var(--bad)", textUnderlineOffset: "3px" },
});

/** In colours that change with the page's. */
const COLOURS = HighlightStyle.define([
  { tag: [tags.keyword, tags.operatorKeyword, tags.modifier], color: "var(--code-keyword)" },
  { tag: [tags.string, tags.special(tags.string), tags.regexp, tags.character], color: "var(--code-string)" },
  { tag: [tags.number, tags.bool, tags.null, tags.atom], color: "var(--code-number)" },
  { tag: [tags.comment], color: "var(--code-comment)", fontStyle: "italic" },
  { tag: [tags.definition(tags.variableName), tags.function(tags.variableName)], color: "var(--code-name)" },
  { tag: [tags.typeName, tags.className, tags.standard(tags.name)], color: "var(--code-type)" },
  { tag: tags.invalid, color: "var(--bad)" },
]);

/** The code editor. It lives in a shadow root, as it puts styles into its own root, which the page's policy refuses. */
export function createEditor(
  parent: HTMLElement,
  options: {
    readonly code: string;
    readonly onRun: (then: "stay" | "next") => void;
    readonly onChange: (code: string) => void;
  },
): Editor {
  const root = parent.attachShadow({ mode: "open" });
  const language = new Compartment();
  let chosen: NotebookCell["language"] | undefined;
  const runProgram = (then: "stay" | "next") => () => {
    options.onRun(then);
    return true;
  };
  const view = new EditorView({
    parent: root,
    root,
    state: EditorState.create({
      doc: options.code,
      extensions: [
        Prec.highest(
          keymap.of([
            { key: "Mod-Enter", run: runProgram("stay") },
            { key: "Shift-Enter", run: runProgram("next") },
          ]),
        ),
        basicSetup,
        syntaxHighlighting(COLOURS),
        language.of([]),
        marks,
        LOOK,
        EditorView.contentAttributes.of({ "aria-label": "Code" }),
        EditorView.updateListener.of((update) => {
          if (!update.docChanged) return;
          options.onChange(update.state.doc.toString());
        }),
      ],
    }),
  });
  return {
    code: () => view.state.doc.toString(),
    setCode: (code) => {
      view.dispatch({
        changes: { from: 0, to: view.state.doc.length, insert: code },
        effects: setMark.of(undefined),
      });
    },
    setLanguage: (name) => {
      chosen = name;
      void Promise.resolve(LANGUAGES[name]()).then((extension) => {
        if (chosen === name) view.dispatch({ effects: language.reconfigure(extension) });
      });
    },
    markError: (place) => view.dispatch({ effects: setMark.of(place && rangeOf(view.state, place)) }),
    focus: () => view.focus(),
  };
}

function rangeOf(
  state: EditorState,
  place: { readonly line?: number; readonly column?: number; readonly fragment?: string },
): { readonly from: number; readonly to: number } | undefined {
  if (place.fragment !== undefined && place.fragment !== "") {
    const from = state.doc.toString().indexOf(place.fragment);
    if (from >= 0) return { from, to: from + place.fragment.length };
  }
  if (place.line === undefined || place.line < 1 || place.line > state.doc.lines) return undefined;
  const line = state.doc.line(place.line);
  const from = Math.min(line.from + Math.max(0, (place.column ?? 1) - 1), line.to);
  return from < line.to
    ? { from, to: line.to }
    : line.length === 0
      ? undefined
      : { from: line.from, to: line.to };
}
