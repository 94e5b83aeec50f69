import { z } from 'zod';
import { AwsError } from '../aws-error.js';

/** A request body as JSON; an empty one is an empty object. @throws AwsError SerializationException */
export function parseJson(body: Uint8Array): z.core.util.JSONType {
  const text = Buffer.from(body).toString('utf8');
  try {
    return z.json().parse(JSON.parse(text === '' ? '{}' : text));
  } catch {
    throw new AwsError('SerializationException', 'The request body is not JSON.');
  }
}
