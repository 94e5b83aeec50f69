import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { parseDocument } from 'yaml';
import type { z } from 'zod';
import { DetectionRules, Sources } from '../contracts/detection.js';
import { describeIssues, permanent } from '../contracts/failures.js';
import { OrganizationConfig } from '../contracts/organization.js';
import { Playbook, type PlaybookPin, Teams, Waits } from '../contracts/playbook.js';
import type { Policies } from '../ports/policies.js';
import { checkPlaybook, checkTeams, checkWaits } from './check.js';
import { Confidence, IntakePolicy, People, Rails } from '../contracts/policies.js';

/**
 * Reads playbooks and policies from one folder, at every call: rails must bind as they are now.
 *
 * @throws PlaybookInvalid, permanent: names file, path and what was expected.
 */
export function createPolicies(folder: string, { uiUrl }: { uiUrl?: string | undefined } = {}): Policies {
  const file = (name: string): string => join(folder, name);
  const rails = (): Promise<Rails> => readYaml(file('rails.yaml'), Rails);
  const people = (): Promise<People> => readYaml(file('people.yaml'), People);
  const intake = (): Promise<IntakePolicy> => readYaml(file('intake.yaml'), IntakePolicy);
  const confidence = (): Promise<Confidence> => readYaml(file('confidence.yaml'), Confidence);

  async function teams(): Promise<Teams> {
    const parsed = await readYaml(file('teams.yaml'), Teams);
    refuse('teams.yaml', checkTeams(parsed));
    return parsed;
  }

  async function waits(name: string): Promise<Waits> {
    const parsed = await readYaml(file(`${plainName(name)}.yaml`), Waits);
    refuse(`${name}.yaml`, checkWaits(parsed, { expectedId: name, rails: await rails() }));
    return parsed;
  }

  async function playbook(id: string): Promise<{ playbook: Playbook; sha256: string }> {
    const path = file(`${plainName(id)}.yaml`);
    const parsed = await readYaml(path, Playbook);
    refuse(basename(path), checkPlaybook(parsed, { expectedId: id, teams: await teams() }));
    return {
      playbook: parsed,
      sha256: createHash('sha256')
        .update(await readText(path))
        .digest('hex'),
    };
  }

  async function pin(id: string, waitsName: string): Promise<PlaybookPin> {
    const [{ playbook: body, sha256 }, pinnedWaits, known] = await Promise.all([playbook(id), waits(waitsName), teams()]);
    const teamTitles = Object.fromEntries(known.teams.map((team) => [team.id, team.title]));
    const teamContacts = Object.fromEntries(known.teams.map((team) => [team.id, team.contacts]));
    return {
      id: body.id,
      version: body.version,
      sha256,
      body,
      waits: pinnedWaits,
      teamTitles,
      teamContacts,
      ladder: known.ladder,
      ...(uiUrl === undefined ? {} : { uiUrl }),
    };
  }

  const organization = async (): Promise<OrganizationConfig | undefined> =>
    existsSync(file('organization.yaml')) ? readYaml(file('organization.yaml'), OrganizationConfig) : undefined;

  // A folder of an installation that is older than these files still works: calls are then for review.
  const detectionRules = async (): Promise<DetectionRules | undefined> =>
    existsSync(file('detection-rules.yaml')) ? readYaml(file('detection-rules.yaml'), DetectionRules) : undefined;
  const sources = async (): Promise<Sources | undefined> =>
    existsSync(file('sources.yaml')) ? readYaml(file('sources.yaml'), Sources) : undefined;

  return { rails, organization, confidence, people, intake, teams, detectionRules, sources, waits, playbook, pin };
}

/** Names come from start inputs and the command line: only a plain file name may reach the file system. */
function plainName(name: string): string {
  if (/^[a-z0-9][a-z0-9-]{0,60}$/.test(name)) return name;
  throw permanent('PlaybookInvalid', 'playbook or waits name: expected lower-case letters, digits and dashes');
}

function refuse(file: string, problems: readonly string[]): void {
  if (problems.length > 0) throw permanent('PlaybookInvalid', `${file}: ${problems.join('; ')}`);
}

/** Reads one YAML file by its schema. @throws PlaybookInvalid, permanent: names file, path and what was expected. */
export async function readYaml<S extends z.ZodType>(path: string, schema: S): Promise<z.output<S>> {
  const document = parseDocument(await readText(path), { uniqueKeys: true });
  refuse(
    basename(path),
    document.errors.map((error) => error.message.split('\n')[0] ?? 'not YAML'),
  );
  const parsed = schema.safeParse(document.toJS());
  if (parsed.success) return parsed.data;
  throw permanent('PlaybookInvalid', `${basename(path)}: ${describeIssues(parsed.error)}`);
}

async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    throw permanent('PlaybookInvalid', `${basename(path)}: cannot be read in the policy folder`, { cause: error });
  }
}
