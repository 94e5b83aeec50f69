import { unsupportedSource } from '../alert-source.js';

/** AWS Config rule compliance changes. */
export const config = unsupportedSource('config', 'aws.config', (body) => body['source'] === 'aws.config');
