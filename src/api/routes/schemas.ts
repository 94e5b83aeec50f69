import { z } from 'zod';
import { ProblemAnswer } from '../../contracts/api.js';
import { describeIssues } from '../../contracts/failures.js';
import { Problem } from '../problem.js';

/** JSON Schema of what a route takes or gives, for the OpenAPI document. */
export function jsonSchema(schema: z.ZodType, io: 'input' | 'output' = 'input'): Record<string, unknown> {
  return Object.fromEntries(Object.entries(z.toJSONSchema(schema, { io })).filter(([key]) => key !== '$schema'));
}

/** The answers that every route may give beside its own. */
export function withProblems(answers: Readonly<Record<number, unknown>>, statuses: readonly number[]): Record<number, unknown> {
  const problem = { ...jsonSchema(ProblemAnswer, 'output'), description: 'One line that says what was expected.' };
  return { ...Object.fromEntries(statuses.map((status) => [status, problem])), ...answers };
}

/** An answer with a description, as the document needs it. */
export function answer(description: string, schema?: z.ZodType): Record<string, unknown> {
  return { description, ...(schema === undefined ? {} : jsonSchema(schema, 'output')) };
}

/** Reads what a caller sent. @throws Problem 400: names each field and what was expected, never a value. */
export function parseInput<S extends z.ZodType>(schema: S, value: unknown, what: string): z.output<S> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new Problem(400, `${what}: ${claimsIdentity(parsed.error) ? 'subject: comes from the token alone' : describeIssues(parsed.error)}`);
}

function claimsIdentity(error: z.ZodError): boolean {
  return error.issues.some((issue) => issue.code === 'unrecognized_keys' && issue.keys.some((key) => key === 'subject' || key === 'as'));
}
