import type { ReportWriter } from '../ports/report-writer.js';
import { renderHtml } from './html.js';
import { renderMarkdown } from './markdown.js';
import { renderReview } from './review.js';

/** The report as HTML and Markdown, and the review document. */
export const reportWriter: ReportWriter = { html: renderHtml, markdown: renderMarkdown, review: renderReview };
