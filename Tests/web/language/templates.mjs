// The keys that the modules put together: each template with the values that it can have. A test that took any key of a
// template's form for a used one would find neither a missing text nor a text that no page shows.

const ROLES = ['listener', 'talker', 'host', 'operator'];
const DEVICES = ['microphone', 'camera'];
const NETWORKS = ['good', 'fair', 'poor'];
/** The reasons of a refusal that have an advice of their own. */
const REASONS = ['denied', 'unanswered', 'early', 'system', 'missing', 'gone', 'busy', 'unknown'];

/** By template a list of values for each place in it. */
export const TEMPLATES = {
  'call.no-${this.#kind}': [DEVICES],
  'call.tile-${state}': [['connecting', 'interrupted']],
  'common.${kind}': [DEVICES],
  'common.${name}': [['days', 'hours', 'minutes', 'seconds']],
  'common.${role}': [ROLES],
  'common.${value}': [['speech', 'music']],
  'device.${kind}-${reason}': [DEVICES, REASONS],
  'device.${kind}-${reason}-advice': [DEVICES, REASONS],
  'device.${kind}-forbidden': [DEVICES],
  'error.${error.code}': [[
    'banned', 'call_full', 'closed', 'elsewhere', 'expired_invite', 'forged_invite', 'full', 'locked', 'no_calls',
    'no_such_member', 'no_such_message', 'no_such_poll', 'not_admitted', 'too_fast', 'too_long', 'too_many_rooms',
    'wrong_token',
  ]],
  'error.road-${road}': [['socket', 'events', 'polling']],
  'figure.way-${way}': [['growing', 'lowLatency', 'plain', 'endless']],
  'lost.${kind}': [DEVICES],
  'lost.${kind}-named': [DEVICES],
  'lost.call-${kind}': [DEVICES],
  'lost.call-${kind}-back': [DEVICES],
  'lost.device-${kind}': [DEVICES],
  'member.make-${other}': [['listener', 'talker', 'host']],
  'member.network-${network}': [NETWORKS],
  "member.network-${network ?? 'good'}": [NETWORKS],
  'player.${state}': [['waiting', 'playing', 'paused', 'blocked', 'locked', 'ended', 'unsupported']],
  'player.mode-${name}': [['live', 'low', 'calm', 'safe', 'never']],
  'player.reason-${reason}': [[
    'behind', 'unreachable', 'private', 'connecting', 'starting', 'buffering', 'slow', 'no-stream', 'autoplay', 'no-token',
    'bad-token', 'ended', 'no-engine',
  ]],
  'record.${place}': [['locked', 'check', 'recording', 'paused', 'review', 'sending', 'sent']],
  'record.hint-${place}': [['locked', 'check', 'recording', 'paused', 'review', 'sending', 'sent']],
  'record.refused-${status}': [['401', '403', '413', '415', '507']],
  'room.${verb}': [['joined', 'left']],
  'sheet.${type}': [['prompt', 'score']],
  'status.${word}-value': [['peak', 'rms']],
  'status.source-${stream.source}': [['alsa', 'file', 'stdin', 'tone', 'room', 'icecast', 'relay', 'stream']],
  "studio.music-${underVoice ?? 'duck'}": [['duck', 'off']],
  'studio.problem-${problem}': [['microphone', 'taken-off', 'refused', 'ended']],
  'studio.refusal-${kind}': [['secret', 'absent', 'unreachable']],
  "studio.title-${['on', 'broken'].includes(phase) ? phase : 'off'}": [['on', 'broken', 'off']],
  'studio.warn-${warning}': [['silent', 'clipped', 'echo', 'late', 'no-road', 'muted-by-host', 'listener']],
  'voice.${key}': [[
    'sampleRate', 'channelCount', 'echoCancellation', 'noiseSuppression', 'autoGainControl', 'latency',
  ]],
  'voice.${value}-hint': [['speech', 'music']],
  'voice.line-${quality}': [['good', 'fair', 'poor', 'gone']],
};

/** The keys that a template makes. */
export function keysOf(template) {
  const texts = template.split(/\$\{[^}]*\}/);
  return (TEMPLATES[template] ?? []).reduce(
    (keys, values, index) => keys.flatMap((key) => values.map((value) => key + value + texts[index + 1])), [texts[0]]);
}
