import { DescribeTrailsCommand, type Trail } from '@aws-sdk/client-cloudtrail';
import type { CollectTools } from './collector.js';
import { inEachRegion, type ByRegion, type CallTrail } from './reading.js';

/** The trails that each region shows, each once. Needs `cloudtrail:DescribeTrails`. */
export async function readTrails({ clients, regions }: CollectTools, trail: CallTrail): Promise<ByRegion<Trail>> {
  const { found, refused } = await inEachRegion(regions, async (region) => {
    const { trailList = [] } = await trail.send(() => clients.cloudTrail(region).send(new DescribeTrailsCommand({})));
    return trailList;
  });
  // Multi-region trails show up in every region.
  const byArn = new Map(found.flat().map((one) => [one.TrailARN ?? one.Name, one]));
  return { found: [...byArn.values()], refused };
}
