import type { Recorder } from '../cloudtrail/recorder.js';
import type { Operations } from '../server/operation.js';
import { createDescribeOperations } from './describe.js';
import type { Instances } from './instances.js';
import { createModifyOperations } from './modify-instance.js';
import { createProfileOperations } from './profile-associations.js';
import { createRunInstances } from './run-instances.js';
import { createStateOperations } from './state-changes.js';

/** The EC2 calls the range answers. */
export function createEc2Operations({ instances, recorder }: { instances: Instances; recorder: Recorder }): Operations {
  return {
    RunInstances: createRunInstances({ instances, recorder }),
    ...createStateOperations(instances),
    ...createProfileOperations({ instances, recorder }),
    ...createModifyOperations(instances),
    ...createDescribeOperations(instances),
  };
}
