/** A page as a browser's parser sees it, for tests: parse5 is the HTML standard's algorithm. */
import { defaultTreeAdapter as tree, parse, type DefaultTreeAdapterTypes, type ParserError } from 'parse5';

export type Element = DefaultTreeAdapterTypes.Element;

export interface Parsed {
  readonly elements: readonly Element[];
  /** What the parser had to mend. */
  readonly errors: readonly string[];
}

export function parsed(html: string): Parsed {
  const errors: string[] = [];
  const document = parse(html, { onParseError: (error: ParserError) => errors.push(error.code) });
  return { elements: below(document), errors };
}

const below = (node: DefaultTreeAdapterTypes.ParentNode): Element[] =>
  node.childNodes.filter(tree.isElementNode).flatMap((element) => [element, ...below(element)]);

export const attribute = ({ attrs }: Element, name: string): string | undefined =>
  attrs.find((attr) => attr.name === name)?.value;

export const named = ({ elements }: Parsed, name: string): Element[] =>
  elements.filter(({ tagName }) => tagName === name);

export const within = (element: Element, name: string): Element[] =>
  below(element).filter(({ tagName }) => tagName === name);

export const textOf = (node: DefaultTreeAdapterTypes.Node): string =>
  tree.isTextNode(node) ? node.value : 'childNodes' in node ? node.childNodes.map(textOf).join('') : '';

/** The SVG whose title has this id. */
export const plotOf = (page: Parsed, id: string): Element | undefined =>
  named(page, 'svg').find((svg) => attribute(svg, 'aria-labelledby')?.startsWith(`${id}-title`));

/** Names of all elements with their depth and attributes' names: what text must never change. */
export const skeleton = ({ elements }: Parsed): string[] =>
  elements.map(({ tagName, attrs, parentNode }) =>
    [(parentNode as Element | null)?.tagName ?? '', tagName, ...attrs.map(({ name }) => name)].join(' '),
  );
