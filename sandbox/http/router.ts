/** A table of routes looked up by method and path segments; `:name` takes any one segment. */
export interface Router<T> {
  /** The route and its path parameters (percent-decoded), `'method'` when only the method is wrong, or null. */
  find(method: string, path: string): { route: T; params: Record<string, string> } | 'method' | null;
}

interface Entry<T> {
  readonly method: string;
  readonly parts: readonly string[];
  readonly route: T;
}

/** Builds a router. Where a fixed segment and a parameter both fit, the route named first wins. */
export function createRouter<T extends { method: string; path: string }>(routes: readonly T[]): Router<T> {
  const byShape = new Map<string, Entry<T>[]>();
  const shape = (parts: readonly string[]): string => `${parts[0] ?? ''}/${String(parts.length)}`;
  for (const route of routes) {
    const parts = route.path.split('/').slice(1);
    const list = byShape.get(shape(parts)) ?? [];
    list.push({ method: route.method, parts, route });
    byShape.set(shape(parts), list);
  }
  return {
    find(method, path) {
      const parts = path.split('/').slice(1);
      const fitting = (byShape.get(shape(parts)) ?? []).filter((entry) => fits(entry.parts, parts));
      const entry = fitting.find((item) => item.method === method);
      if (entry) return { route: entry.route, params: pathParams(entry.parts, parts) };
      return fitting.length > 0 ? 'method' : null;
    },
  };
}

function fits(pattern: readonly string[], parts: readonly string[]): boolean {
  return pattern.every((part, at) => (part.startsWith(':') ? parts[at] !== '' : part === parts[at]));
}

function pathParams(pattern: readonly string[], parts: readonly string[]): Record<string, string> {
  const params: Record<string, string> = {};
  for (const [at, part] of pattern.entries()) {
    if (part.startsWith(':')) params[part.slice(1)] = decode(parts[at] ?? '');
  }
  return params;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
