import { CustomChart, type CustomSeriesOption } from 'echarts/charts';
import { GridComponent, type GridComponentOption } from 'echarts/components';
import { type ComposeOption, init, use } from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';

use([CustomChart, GridComponent, SVGRenderer]);

export type ChartOption = ComposeOption<CustomSeriesOption | GridComponentOption>;

/** A picture to draw. Width and height are in CSS pixels; the page scales it. */
export interface Picture {
  readonly height: number;
  /** What it shows, for those who do not see it. */
  readonly label: string;
  readonly option: ChartOption;
}

/** Width of A4 landscape inside the margins, so that nothing is scaled when printed. */
export const CHART_WIDTH = 1020;
/** System fonts only: nothing is fetched. */
export const FONT = 'system-ui, sans-serif';

/**
 * Draws a picture as SVG markup without script, style sheet, links or ids: several fit into one page, and the same
 * picture gives the same bytes in any process. The library escapes the text in it.
 */
export function renderSvg({ height, option }: Picture): string {
  const chart = init(null, null, { renderer: 'svg', ssr: true, width: CHART_WIDTH, height });
  try {
    chart.setOption({ animation: false, useUTC: true, textStyle: { fontFamily: FONT }, ...option });
    return withoutBookkeeping(chart.renderToSVGString({ useViewBox: true }));
  } finally {
    chart.dispose();
  }
}

/**
 * Takes out what ECharts adds for its client side: hover styles, and class names that count up over the life of the
 * process. Quotes in texts are escaped, so no text can look like such an attribute.
 */
function withoutBookkeeping(svg: string): string {
  return svg
    .replace(/<style\b[^>]*><!\[CDATA\[[^<>]*\]\]>\s*<\/style>\s*/g, '')
    .replace(/ (?:class|ecmeta_\w+)="[^"]*"/g, '')
    .replace(/ (?:xmlns(?::\w+)?|baseProfile|version)="[^"]*"/g, '');
}
