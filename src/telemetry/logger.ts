import { pino, type DestinationStream, type Logger } from 'pino';

/** Field names whose values never reach a log, at any of the first three levels. */
const SECRET_FIELDS = [
  'secretAccessKey',
  'SecretAccessKey',
  'sessionToken',
  'SessionToken',
  'password',
  'Password',
  'authorization',
  'Authorization',
  'privateKey',
  'apiKey',
  'token',
  'receipt',
  'record',
];

const redactedPaths = SECRET_FIELDS.flatMap((field) => [field, `*.${field}`, `*.*.${field}`, `*.*.*.${field}`]);

export type { Logger } from 'pino';

/**
 * A structured logger with secrets redacted by field name. Writes to stderr: stdout is for a
 * command's result.
 */
export function createLogger(level: string, destination?: DestinationStream): Logger {
  return pino(
    { level, base: null, timestamp: pino.stdTimeFunctions.isoTime, redact: { paths: redactedPaths, censor: '[redacted]' } },
    destination ?? pino.destination({ dest: 2, sync: true }),
  );
}
