// The actions on the room: by everybody, and by a host.

import { make } from '../chat/elements.js';
import { checkedName } from '../text/names.js';
import { roadName } from '../text/sentences.js';
import { fullTime } from '../text/times.js';

const HOUR = 3600;
const EXPIRIES = [['1 hour', HOUR], ['1 day', 24 * HOUR], ['1 week', 168 * HOUR]];

/**
 * @param {import('./sheet.js').Sheet} sheet
 * @param {object} state
 * @param {object} state.room
 * @param {object} state.you the own member
 * @param {boolean} state.isHost
 * @param {string} state.road
 * @param {string} state.address of the room's page, without an invite
 * @param {object} actions
 * @param {(message: object) => void} actions.send
 * @param {() => void} actions.leave
 * @param {(on: boolean) => void} actions.agree to be on the air
 * @param {() => void} actions.rename
 */
export function openRoomSheet(sheet, { room, you, isHost, road, address }, { send, leave, agree, rename }) {
  const host = (action, more) => send({ type: 'host', action, ...more });
  const open = (label, onPress) => make('button', { type: 'button', onclick: onPress }, label);
  const buttons = [open('Change your name', rename)];
  if (room.stream || room.source_of?.length > 0) buttons.push(airButton(sheet, you, isHost, agree));
  buttons.push(sheet.button('Leave the room', leave));
  const content = [
    make('label', {}, 'The address of this room', copyRow(address)),
    make('div', { class: 'actions' }, ...buttons),
  ];
  if (isHost) {
    content.push(
      make('h3', {}, 'For hosts'),
      make('div', { class: 'switches' },
        makeSwitch('Locked: nobody new comes in', room.locked, (on) => host('lock', { on })),
        makeSwitch('By invitation only', room.invite_only, (on) => host('invite_only', { on }))),
      make('div', { class: 'actions' },
        open('Make an invitation', () => openInviteForm(sheet, send)),
        open('Ask a poll', () => openPollForm(sheet, send)),
        open('Send a prompt', () => openEventForm(sheet, 'prompt', 'Send a prompt', send)),
        open('Set the score', () => openEventForm(sheet, 'score', 'Set the score', send)),
        sheet.dangerButton('Close the room', 'Close the room? Everybody leaves.', () => host('close'))));
  }
  content.push(make('p', { class: 'hint' }, `Connected by ${roadName(road)}.`));
  sheet.open(room.name, ...content);
}

/** A host who agrees is on the air at once. */
function airButton(sheet, you, isHost, agree) {
  if (you.agreed || you.on_air) return sheet.button(you.on_air ? 'Leave the air' : 'Do not agree', () => agree(false));
  return sheet.button(isHost ? 'Go on the air' : 'Agree to be on the air', () => agree(true));
}

/** Asks for another name of the own member. */
export function openNameForm(sheet, name, onChange) {
  const field = { name: 'name', label: 'Your name', value: name };
  sheet.openForm('Change your name', 'Change', [field], (values) => {
    const checked = checkedName(values.name);
    if (checked.problem === undefined) onChange(checked.name);
    return checked.problem;
  });
}

/** Shows an invitation that the server has made. */
export function openInvite(sheet, { url, expires }) {
  const address = new URL(url, location.href).href;
  sheet.open(
    'The invitation', make('label', {}, 'Whoever has this link may come in', copyRow(address)),
    make('p', { class: 'hint' }, `It expires on ${fullTime(expires)}.`));
}

function makeSwitch(label, isOn, onChange) {
  const input = make('input', { type: 'checkbox', role: 'switch', onchange: () => onChange(input.checked) });
  input.checked = isOn;
  return make('label', { class: 'switch' }, input, label);
}

function copyRow(text) {
  const field = make('input', { readonly: true, value: text, onfocus: () => field.select() });
  const button = make('button', { type: 'button', class: 'main', onclick: copy }, 'Copy');
  async function copy() {
    field.select();
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      // Without https there is no clipboard for scripts, but the selection can be copied.
      document.execCommand('copy');
    }
    button.textContent = 'Copied';
  }
  return make('span', { class: 'copy-row' }, field, button);
}

function openInviteForm(sheet, send) {
  const options = (pairs) => pairs.map(([label, value]) => make('option', { value: String(value) }, label));
  const role = make('select', {}, ...options([['a talker', 'talker'], ['a listener', 'listener'], ['a host', 'host']]));
  const expiry = make('select', {}, ...options(EXPIRIES));
  expiry.selectedIndex = 1;
  const form = make('form', {
    class: 'form', onsubmit: (event) => {
      event.preventDefault();
      // The answer opens the sheet with the link.
      send({ type: 'invite', role: role.value, expires: Number(expiry.value) });
    },
  }, make('label', {}, 'It lets people in as', role), make('label', {}, 'It is valid for', expiry),
  make('button', { class: 'main', type: 'submit' }, 'Make the link'));
  sheet.open('Make an invitation', form);
}

function openPollForm(sheet, send) {
  const fields = [
    { name: 'question', label: 'Question' }, { name: 'choices', label: 'Choices, one in each line', isLong: true },
  ];
  sheet.openForm('Ask a poll', 'Ask', fields, ({ question, choices }) => {
    const list = choices.split('\n').map((choice) => choice.trim()).filter(Boolean);
    if (list.length < 2) return 'A poll needs at least two choices.';
    send({ type: 'event', event: { type: 'poll', question: question.trim(), choices: list } });
    return undefined;
  });
}

function openEventForm(sheet, type, title, send) {
  sheet.openForm(title, 'Send', [{ name: 'text', label: 'Text' }], ({ text }) => {
    send({ type: 'event', event: { type, text: text.trim() } });
  });
}
