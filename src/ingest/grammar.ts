export { checkHints, isAccessKeyId, isPrincipalArn, shown, type CheckedHints, type RawHints } from '../domain/alerts/grammar.js';
