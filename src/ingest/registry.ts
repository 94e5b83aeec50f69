import type { ParseSettings } from '../contracts/detection.js';
import type { JsonObject } from './json-reader.js';
import { accessAnalyzer } from './sources/access-analyzer.js';
import { alertmanager } from './sources/alertmanager.js';
import { awsHealth } from './sources/aws-health.js';
import { cloudtrail } from './sources/cloudtrail.js';
import { cloudwatchAlarm } from './sources/cloudwatch-alarm.js';
import { config } from './sources/config.js';
import { generic } from './sources/generic.js';
import { guardduty } from './sources/guardduty.js';
import { manual } from './sources/manual.js';
import { securityHubOcsf } from './sources/security-hub-ocsf.js';
import { securityHub } from './sources/security-hub.js';
import type { AlertSource } from './alert-source.js';

/** Every alert source, one file each. The first that recognises a message reads it. */
export const ALERT_SOURCES: readonly AlertSource[] = [
  guardduty,
  awsHealth,
  manual,
  securityHub,
  securityHubOcsf,
  cloudtrail,
  cloudwatchAlarm,
  accessAnalyzer,
  config,
  alertmanager,
  generic,
];

/** The source of a message that is out of its envelope. */
export function sourceOf(body: JsonObject, settings: ParseSettings = {}): AlertSource | undefined {
  // A sender that is known by a mapping speaks for that product alone.
  if (settings.mapping !== undefined) return generic.recognises(body, settings) ? generic : undefined;
  return ALERT_SOURCES.find((source) => source.recognises(body, settings));
}
