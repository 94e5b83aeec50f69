import type { CustomSeriesOption, CustomSeriesRenderItemReturn } from 'echarts';
import { FONT } from './render-svg.js';

/** One drawn element, in pixels. */
export type Shape = NonNullable<CustomSeriesRenderItemReturn>;

export interface Ink {
  readonly fill?: string;
  readonly stroke?: string;
  readonly lineWidth?: number;
  readonly dash?: readonly [number, number];
}

export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface Lettering {
  readonly size?: number;
  readonly color?: string;
  readonly bold?: boolean;
  readonly align?: 'left' | 'center' | 'right';
}

export type Point = readonly [x: number, y: number];

export const INK = {
  text: '#1b1b1f',
  muted: '#5a5d66',
  line: '#8b8f99',
  faint: '#d5d8de',
  paper: '#ffffff',
  bad: '#a4161a',
  good: '#1b6e3c',
  work: '#33608c',
} as const;

/** A box with round corners of `r`. */
export function box({ x, y, width, height }: Box, ink: Ink, r = 0): Shape {
  return { type: 'rect', silent: true, shape: { x, y, width: Math.max(width, 0), height, r }, style: styleOf(ink) };
}

export function circle([cx, cy]: Point, r: number, ink: Ink): Shape {
  return { type: 'circle', silent: true, shape: { cx, cy, r }, style: styleOf(ink) };
}

/** A line through all points, not filled. */
export function line(points: readonly Point[], ink: Ink): Shape {
  return { type: 'polyline', silent: true, shape: { points: points.map(([x, y]) => [x, y]) }, style: styleOf(ink) };
}

/** A closed, filled outline. */
export function area(points: readonly Point[], ink: Ink): Shape {
  return { type: 'polygon', silent: true, shape: { points: points.map(([x, y]) => [x, y]) }, style: styleOf(ink) };
}

/** An × around a point. */
export function cross([x, y]: Point, r: number, ink: Ink): Shape {
  return {
    type: 'group',
    silent: true,
    children: [
      line(
        [
          [x - r, y - r],
          [x + r, y + r],
        ],
        ink,
      ),
      line(
        [
          [x - r, y + r],
          [x + r, y - r],
        ],
        ink,
      ),
    ],
  };
}

/** Text whose middle is at the height of the point. The caller has made it plain and short. */
export function label(text: string, [x, y]: Point, { size = 12, color = INK.text, bold = false, align = 'left' }: Lettering = {}): Shape {
  const style = { text, x, y, fill: color, align, verticalAlign: 'middle' as const };
  return { type: 'text', silent: true, style: { ...style, fontSize: size, fontWeight: bold ? 'bold' : 'normal', fontFamily: FONT } };
}

/** A box filled with slanted lines: told from a plain one without colour. */
export function hatched(frame: Box, color: string): Shape {
  const { x, y, width, height } = frame;
  const strokes: Shape[] = [];
  for (let from = x - height + 3; from < x + width; from += 6) {
    const [left, right] = [Math.max(from, x), Math.min(from + height, x + width)];
    if (right > left)
      strokes.push(
        line(
          [
            [left, y + height - (left - from)],
            [right, y + height - (right - from)],
          ],
          { stroke: color, lineWidth: 1.5 },
        ),
      );
  }
  return { type: 'group', silent: true, children: [box(frame, { fill: INK.paper, stroke: color, lineWidth: 1.5 }), ...strokes] };
}

/** A series that draws one group of shapes per item, by its index. */
export function series(count: number, draw: (index: number, toPixel: (x: number, y: number) => Point) => Shape[]): CustomSeriesOption {
  return {
    type: 'custom',
    silent: true,
    clip: false,
    data: Array.from({ length: count }, (_, index) => [index]),
    renderItem: ({ dataIndex }, { coord }) => ({
      type: 'group',
      silent: true,
      children: draw(dataIndex, (x, y) => {
        const [px = 0, py = 0] = coord?.([x, y]) ?? [];
        return [px, py];
      }),
    }),
  };
}

function styleOf({ fill = 'none', stroke, lineWidth = 1, dash }: Ink): {
  fill: string;
  stroke?: string;
  lineWidth?: number;
  lineDash?: number[];
} {
  return {
    fill,
    ...(stroke === undefined ? {} : { stroke, lineWidth }),
    ...(dash === undefined ? {} : { lineDash: [...dash] }),
  };
}
