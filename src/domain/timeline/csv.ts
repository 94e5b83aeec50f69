import { stringify } from 'csv-stringify/sync';
import type { Timeline } from '../../contracts/timeline.js';
import { plainText } from '../engine/plain-text.js';

const COLUMNS = [
  'at',
  'lane',
  'api',
  'outcome',
  'actor',
  'accessKeyId',
  'sourceIp',
  'userAgent',
  'region',
  'account',
  'targets',
  'attack',
  'eventId',
] as const;

/** The timeline's events as CSV (RFC 4180). Cells that a spreadsheet would take for a formula are made text. */
export function timelineCsv({ entries }: Timeline): string {
  const rows = entries.map((entry) => COLUMNS.map((column) => cell(entry[column])));
  return stringify([[...COLUMNS], ...rows], { escape_formulas: true });
}

function cell(value: string | readonly string[]): string {
  return plainText(typeof value === 'string' ? value : value.join(' '));
}
