import type { ActivityInterceptorsFactory } from '@temporalio/worker';
import { classifyAwsError } from '../adapters/aws/classify-aws-error.js';

/** Maps vendor errors to our failure types, once for every activity (house style 2.4). */
export const failureInterceptor: ActivityInterceptorsFactory = () => ({
  inbound: {
    execute: async (input, next) => {
      try {
        return await next(input);
      } catch (error) {
        throw classifyAwsError(error);
      }
    },
  },
});
