import { plainText } from '../../../domain/engine/plain-text.js';

/*
 * Atlassian Document Format, the one encoder for Jira's rich text (developer.atlassian.com, "Atlassian Document Format").
 * Foreign text only ever becomes the `text` of a text node, so markup in it stays text; what it could do to a reader's
 * eye (bidirectional and control characters) is stripped.
 */

export interface AdfText {
  readonly type: 'text';
  readonly text: string;
  readonly marks?: readonly ({ readonly type: 'code' } | { readonly type: 'link'; readonly attrs: { readonly href: string } })[];
}
export type AdfParagraph = { readonly type: 'paragraph'; readonly content: readonly AdfText[] };
export type AdfBlock =
  | AdfParagraph
  | { readonly type: 'heading'; readonly attrs: { readonly level: 3 }; readonly content: readonly AdfText[] }
  | { readonly type: 'bulletList'; readonly content: readonly { readonly type: 'listItem'; readonly content: readonly AdfParagraph[] }[] };
export interface AdfDocument {
  readonly type: 'doc';
  readonly version: 1;
  readonly content: readonly AdfBlock[];
}

/** One line longer than this says nothing to a person. */
const LINE_LIMIT = 1_000;
/** Jira takes 32,767 characters in a rich text field; the rest is room for structure and headings. */
const TEXT_LIMIT = 20_000;

export function adfDocument(content: readonly AdfBlock[]): AdfDocument {
  return { type: 'doc', version: 1, content };
}

export function heading(value: string): AdfBlock {
  return { type: 'heading', attrs: { level: 3 }, content: words(value) };
}

export function paragraph(value: string): AdfParagraph {
  return { type: 'paragraph', content: words(value) };
}

/** A list, or nothing where there is nothing: Jira refuses an empty one. */
export function bulletList(lines: readonly string[]): AdfBlock[] {
  return listOf(lines.map(paragraph));
}

/** Links that open in a browser; anything but http(s) is shown as text. */
export function linkList(links: readonly { readonly title: string; readonly url: string }[]): AdfBlock[] {
  return listOf(
    links.map(({ title, url }) => {
      const href = webAddress(url);
      const name = plainText(title, LINE_LIMIT);
      if (href === undefined || name === '') return paragraph(`${title}: ${url}`);
      return { type: 'paragraph', content: [{ type: 'text', text: name, marks: [{ type: 'link', attrs: { href } }] }] };
    }),
  );
}

/** A paragraph by which we know a comment of ours again. Foreign lines stand in lists, so none can pass for one. */
export function marker(value: string): AdfParagraph {
  return { type: 'paragraph', content: [{ type: 'text', text: value, marks: [{ type: 'code' }] }] };
}

/** Lines in portions that Jira takes as one text each. */
export function portions(lines: readonly string[]): string[][] {
  const result: string[][] = [[]];
  let size = 0;
  for (const line of lines.map((one) => plainText(one, LINE_LIMIT)).filter((one) => one !== '')) {
    if (size + line.length > TEXT_LIMIT) {
      result.push([]);
      size = 0;
    }
    result.at(-1)?.push(line);
    size += line.length;
  }
  return result;
}

/** The first portion; what does not fit is counted. */
export function firstPortion(lines: readonly string[]): string[] {
  const [first = [], ...more] = portions(lines);
  const left = more.reduce((sum, portion) => sum + portion.length, 0);
  return left === 0 ? first : [...first, `and ${left} more lines, in the incident's record`];
}

function listOf(items: readonly AdfParagraph[]): AdfBlock[] {
  const filled = items.filter(({ content }) => content.length > 0);
  return filled.length === 0 ? [] : [{ type: 'bulletList', content: filled.map((item) => ({ type: 'listItem', content: [item] })) }];
}

/** Jira refuses a text node without text. */
function words(value: string): AdfText[] {
  const text = plainText(value, LINE_LIMIT);
  return text === '' ? [] : [{ type: 'text', text }];
}

function webAddress(url: string): string | undefined {
  if (!URL.canParse(url)) return undefined;
  const parsed = new URL(url);
  return ['http:', 'https:'].includes(parsed.protocol) && parsed.username === '' && parsed.password === '' ? parsed.href : undefined;
}
