import type { ComponentChildren, VNode } from 'preact';
import { type Picture, renderSvg } from '../charts/render-svg.js';
import { shown, stamp } from '../shown.js';

/** Text of unknown origin: plain, without secrets, breaking anywhere. Markup is escaped when it is rendered. */
export function Text({ of, limit }: { readonly of: string; readonly limit?: number }): VNode {
  return <span class="text">{shown(of, limit)}</span>;
}

/** Identifiers, ARNs and hashes. */
export function Code({ of, limit }: { readonly of: string; readonly limit?: number }): VNode {
  return <code>{shown(of, limit)}</code>;
}

/** An instant in UTC, to the second. */
export function Time({ at, none = '–' }: { readonly at: string | undefined; readonly none?: string }): VNode {
  if (at === undefined) return <span class="none">{none}</span>;
  const [day = '', time = ''] = stamp(at).split(' ');
  return (
    <time dateTime={at}>
      <span>{day}</span> <span>{time}</span>
    </time>
  );
}

/** A word that must be seen: filled for bad, outlined for good, so that it needs no colour. */
export function Badge({ tone, children }: { readonly tone: 'good' | 'bad' | 'wait'; readonly children: ComponentChildren }): VNode {
  return <strong class={`badge ${tone}`}>{children}</strong>;
}

export function Section({ title, children }: { readonly title: string; readonly children: ComponentChildren }): VNode {
  return (
    <section>
      <h2>{title}</h2>
      {children}
    </section>
  );
}

interface TableProps {
  readonly head: readonly string[];
  /** Share of the width per column, in percent. */
  readonly widths: readonly number[];
  readonly rows: readonly (readonly ComponentChildren[])[];
  /** Said in place of an empty table. */
  readonly none: string;
}

/** A table of fixed column widths: no content, however long, makes it wider than the page. */
export function Table({ head, widths, rows, none }: TableProps): VNode {
  if (rows.length === 0) return <p class="none">{none}</p>;
  return (
    <table>
      <colgroup>
        {widths.map((width) => (
          <col style={`width:${width}%`} />
        ))}
      </colgroup>
      <thead>
        <tr>
          {head.map((title) => (
            <th scope="col">{title}</th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((cells) => (
          <tr>
            {cells.map((cell) => (
              <td>{cell}</td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** Lines of unknown origin as a list. */
export function Lines({ of, none }: { readonly of: readonly string[]; readonly none: string }): VNode {
  if (of.length === 0) return <span class="none">{none}</span>;
  return (
    <ul>
      {of.map((text) => (
        <li>
          <Text of={text} />
        </li>
      ))}
    </ul>
  );
}

/** A drawn picture with its legend. The markup comes from the chart library, which escapes all text in it. */
export function Figure({ picture, children }: { readonly picture: Picture; readonly children: ComponentChildren }): VNode {
  return (
    <figure>
      <div role="img" aria-label={picture.label} dangerouslySetInnerHTML={{ __html: renderSvg(picture) }} />
      <figcaption>{children}</figcaption>
    </figure>
  );
}
