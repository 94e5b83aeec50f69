import pc from 'picocolors';
import { jsonLine, terminalText } from './terminal-text.js';

type Colors = ReturnType<typeof pc.createColors>;

/** Where a command writes. Tests give their own. */
export interface Output {
  /** One line of ours; data in it must have gone through `terminalText`. */
  readonly line: (text: string) => void;
  readonly json: (value: unknown) => void;
  readonly error: (text: string) => void;
  readonly colors: Colors;
}

/** stdout for results, stderr for errors; colours only on a terminal and without NO_COLOR. */
export function processOutput(): Output {
  return {
    line: (text) => void process.stdout.write(`${text}\n`),
    json: (value) => void process.stdout.write(`${jsonLine(value)}\n`),
    error: (text) => void process.stderr.write(`${terminalText(text)}\n`),
    colors: pc.createColors(process.stdout.isTTY && pc.isColorSupported),
  };
}

/** Columns as wide as their widest cell; the first row is the head. Cells are encoded here. */
export function tableLines(rows: readonly (readonly string[])[]): string[] {
  const cells = rows.map((row) => row.map(terminalText));
  const widths = (cells[0] ?? []).map((_, column) => Math.max(...cells.map((row) => row[column]?.length ?? 0)));
  return cells.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}
