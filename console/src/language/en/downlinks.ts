import type { Messages } from '@/language/fr'
import { englishPlural as plural } from '@/language/plural'

export const downlinks: Messages['downlinks'] = {
  title: 'Commands of the device',
  of: (device) => `Commands of ${device}`,
  sentence: (waiting, leaving, shown) => {
    const said = [
      ...(waiting === 0
        ? []
        : [`${shown.waiting} ${plural(waiting, 'command waits', 'commands wait')} for approval`]),
      ...(leaving === 0
        ? []
        : [`${shown.leaving} ${plural(leaving, 'command is', 'commands are')} on the way`]),
    ]
    return said.length === 0 ? 'No command is under way.' : `${said.join('; ')}.`
  },
  ask: 'Ask for a command',
  way: 'What to send',
  ways: { command: 'An order, which the model translates', bytes: 'Bytes' },
  command: 'Order, in JSON',
  bytes: 'Bytes, in hexadecimal',
  port: 'Port',
  confirmed: 'The device must acknowledge it',
  notJson: 'An order is written between braces, in JSON.',
  notHexadecimal: 'Bytes are written in hexadecimal, two digits each.',
  see: 'See what would leave',
  send: 'Send',
  askApproval: 'Ask for approval',
  back: 'Back',
  would: 'Would leave:',
  onPort: (port) => `on port ${String(port)}`,
  through: (connection) => `by “${connection}”.`,
  needsApproval: 'Another person must approve it before it leaves.',
  codecWarns: 'The model warns:',
  asked: 'Asked: it is leaving.',
  askedWaiting: 'Asked: it waits for another person’s approval.',
  history: 'What was asked',
  none: 'Nothing was sent to this device yet.',
  awaiting: 'Commands to approve',
  decide: 'See and decide',
  toConfirm: 'to be acknowledged',
  until: (moment) => `until ${moment}`,
  approve: 'Approve',
  refuse: 'Refuse',
  cancel: 'Cancel the command',
  why: 'Why refuse it',
  by: (name) => `by ${name}`,
  states: {
    'awaiting-approval': 'Waits for approval',
    queued: 'On the way',
    sent: 'Sent',
    acknowledged: 'Received by the device',
    refused: 'Refused',
    cancelled: 'Cancelled',
    failed: 'Failed',
    expired: 'Expired',
  },
  steps: {
    asked: 'asked',
    approved: 'approved',
    refused: 'refused',
    cancelled: 'cancelled',
    'handed-over': 'handed to the network',
    sent: 'sent by a gateway',
    acknowledged: 'the device acknowledged it',
    'not-acknowledged': 'the device did not acknowledge it',
    failed: 'failed',
    uncertain: 'interrupted: nobody knows whether it left',
    expired: 'expired',
  },
}

export const claims: Messages['claims'] = {
  title: 'Whose is this device?',
  explained:
    'Members declare these devices, which the structure’s network may hear. Nothing is given to them until the structure says whose they are; what comes meanwhile is kept.',
  explainedMember:
    'You declare these devices. The structure’s network gives you their messages once it has confirmed that they are yours; what comes meanwhile is kept.',
  contested: 'Several declare it',
  unconfirmed: 'To confirm',
  waiting: 'waiting for this decision',
  declared: 'declared',
  by: (name) => `by ${name}`,
  states: {
    unconfirmed: 'to confirm',
    confirmed: 'confirmed',
    refused: 'refused',
    withdrawn: 'withdrawn',
  },
  confirm: 'Confirm',
  confirmAll: (count) => `Confirm the ${count} that nobody else declares`,
  theirs: 'It is theirs',
  notMine: 'It is not ours',
  withdrawn: 'The declaration is withdrawn. The device stays in the registry, with what it brought.',
  decision: (owner) => `The device is ${owner}’s. The other declarations will be refused.`,
  reason: 'Why',
  reasonHint: 'Told to the other collectivités, in their audit trail.',
  settle: 'Decide',
}
