import type { Plugin } from "vite";

/**
 * The page's content security policy, put into the built index.html. It asks its own origin only and evaluates no
 * text; code that users type runs in a sandboxed frame whose document brings a policy of its own. The development
 * server injects inline scripts and styles, so it goes without.
 */
const POLICY = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "worker-src 'self' blob:",
  "connect-src 'self'",
  "frame-src 'self'",
  "style-src 'self'",
  "img-src 'self' data: blob:",
  "base-uri 'none'",
  "form-action 'none'",
  "object-src 'none'",
].join("; ");

export function pagePolicy(): Plugin {
  return {
    name: "lakelet:page-policy",
    apply: "build",
    transformIndexHtml: {
      order: "post",
      handler: (html, { path }) =>
        path === "/index.html" && !html.includes("Content-Security-Policy")
          ? [
              {
                tag: "meta",
                attrs: { "http-equiv": "Content-Security-Policy", content: POLICY },
                injectTo: "head-prepend",
              },
            ]
          : [],
    },
  };
}
