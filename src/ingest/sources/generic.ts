import { unsupportedSource } from '../alert-source.js';

/** Anything that sends our own generic form. */
export const generic = unsupportedSource('generic', 'generic', (body) => body['source'] === 'tourniquet.generic');
