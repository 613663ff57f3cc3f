import type { Nodes, Parents } from "mdast";
import { fromMarkdown } from "mdast-util-from-markdown";

/** Markdown as elements. Nothing is ever read as HTML: tags in the text are shown as text, links lead to the web only. */
export function markdownElement(text: string): HTMLElement {
  const root = document.createElement("div");
  append(root, fromMarkdown(text));
  return root;
}

const TAGS: Readonly<Record<string, string>> = {
  paragraph: "p",
  blockquote: "blockquote",
  listItem: "li",
  emphasis: "em",
  strong: "strong",
  delete: "del",
  thematicBreak: "hr",
  break: "br",
};

function append(parent: HTMLElement, node: Parents): void {
  for (const child of node.children) parent.append(elementOf(child as Nodes));
}

function elementOf(node: Nodes): Node {
  switch (node.type) {
    case "text":
    case "html":
      return document.createTextNode(node.value);
    case "inlineCode":
      return textElement("code", node.value);
    case "code": {
      const block = document.createElement("pre");
      block.append(textElement("code", node.value));
      return block;
    }
    case "heading":
      // The page itself has the first level.
      return withChildren(`h${Math.min(6, node.depth + 1)}`, node);
    case "list":
      return withChildren(node.ordered === true ? "ol" : "ul", node);
    case "link":
      return linkOf(node.url, node);
    case "image":
      return document.createTextNode(node.alt ?? "");
    default: {
      const tag = TAGS[node.type];
      if (!("children" in node)) return tag === undefined ? new Text() : document.createElement(tag);
      return withChildren(tag ?? "span", node);
    }
  }
}

function linkOf(url: string, node: Parents): HTMLElement {
  if (!/^https?:\/\//i.test(url)) return withChildren("span", node);
  const link = withChildren("a", node) as HTMLAnchorElement;
  link.href = url;
  link.rel = "noreferrer noopener";
  link.target = "_blank";
  return link;
}

function withChildren(tag: string, node: Parents): HTMLElement {
  const element = document.createElement(tag);
  append(element, node);
  return element;
}

function textElement(tag: string, text: string): HTMLElement {
  const element = document.createElement(tag);
  element.textContent = text;
  return element;
}
