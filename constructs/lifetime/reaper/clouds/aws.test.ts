import { firstLaunch } from './aws';

const [FIRST, LATER] = [new Date('2026-06-17T12:00:00Z'), new Date('2026-06-17T15:00:00Z')];

test('stopping and starting a host does not renew its limit', () => {
  expect(
    firstLaunch({
      LaunchTime: LATER,
      NetworkInterfaces: [{ Attachment: { AttachTime: FIRST } }],
      BlockDeviceMappings: [{ Ebs: { AttachTime: LATER } }],
    }),
  ).toEqual(FIRST);
});

test('nor does a disk that was attached later change anything', () => {
  expect(
    firstLaunch({ LaunchTime: FIRST, BlockDeviceMappings: [{ Ebs: { AttachTime: LATER } }, {}] }),
  ).toEqual(FIRST);
});

test('a host of which EC2 tells no time has none', () => {
  expect(firstLaunch({ NetworkInterfaces: [{}], BlockDeviceMappings: [{ Ebs: {} }] })).toBeUndefined();
});
