/** HTML as tagged templates: every value is escaped, but for what is such a template itself. */
import { html, raw } from 'hono/html';

/** Not called `html`, so that no formatter moves the white space that an answer is shown with. */
export const markup = html;
export type Markup = ReturnType<typeof html>;

/** Text of our own, put in as it is. */
export const trusted = (text: string): Markup => raw(text);

/**
 * What a model or a server wrote, as it may stand in a page: without control characters, which HTML forbids, and without
 * halves of surrogate pairs, which UTF-8 does.
 */
export const foreign = (text: string): string =>
  text.replaceAll(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]|\p{Surrogate}/gu, '\ufffd');
