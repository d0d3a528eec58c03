import { capacityError } from './capacity';

/** As the AWS provider words it. */
const refusal = (code: string): string =>
  `Error: creating EC2 Instance: operation error EC2: RunInstances, https response error StatusCode: 500, RequestID: 7b, api error ${code}: no`;

test.each(['InsufficientInstanceCapacity', 'MaxSpotInstanceCountExceeded', 'VcpuLimitExceeded'])(
  '%s sends a launch to the next candidate',
  (code) => expect(capacityError(refusal(code))).toBe(code),
);

test.each(['UnauthorizedOperation', 'InvalidAMIID.NotFound', 'UnsupportedOperation', 'RequestLimitExceeded'])(
  '%s would be the same everywhere, and ends the launch',
  (code) => expect(capacityError(refusal(code))).toBeUndefined(),
);

test('a code that is only talked about is not a refusal', () => {
  expect(capacityError('he300: see InsufficientInstanceCapacity in the documentation')).toBeUndefined();
});
