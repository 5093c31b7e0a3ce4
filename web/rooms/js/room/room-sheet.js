// The actions on the room: by everybody, and by a host.

import { text } from '../../../js/language/texts.js';
import { make, setText } from '../chat/elements.js';
import { checkedName } from '../text/names.js';
import { roadSentence } from '../text/sentences.js';
import { fullTime } from '../text/times.js';

const HOUR = 3600;
const EXPIRIES = [['sheet.hour', HOUR], ['sheet.day', 24 * HOUR], ['sheet.week', 168 * HOUR]];
const ROLES = [['sheet.as-talker', 'talker'], ['sheet.as-listener', 'listener'], ['sheet.as-host', 'host']];

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
  const buttons = [open(text('common.change-name'), rename)];
  if (room.source_of?.length > 0) buttons.push(airButton(sheet, you, isHost, agree));
  buttons.push(sheet.button(text('sheet.leave'), leave));
  const content = [
    make('label', {}, text('sheet.address'), copyRow(address)),
    make('div', { class: 'actions' }, ...buttons),
  ];
  if (isHost) {
    content.push(
      make('h3', {}, text('sheet.hosts')),
      make('div', { class: 'switches' },
        makeSwitch(text('sheet.lock'), room.locked, (on) => host('lock', { on })),
        makeSwitch(text('sheet.invite-only'), room.invite_only, (on) => host('invite_only', { on }))),
      make('div', { class: 'actions' },
        open(text('sheet.invite'), () => openInviteForm(sheet, send)),
        open(text('sheet.poll'), () => openPollForm(sheet, send)),
        open(text('sheet.prompt'), () => openEventForm(sheet, 'prompt', send)),
        open(text('sheet.score'), () => openEventForm(sheet, 'score', send)),
        sheet.dangerButton(text('sheet.close'), text('sheet.close-question'), () => host('close'))));
  }
  content.push(make('p', { class: 'hint' }, roadSentence(road)));
  sheet.open(room.name, ...content);
}

/** A host who agrees is on the air at once. */
function airButton(sheet, you, isHost, agree) {
  if (you.agreed || you.on_air) {
    return sheet.button(text(you.on_air ? 'sheet.leave-air' : 'sheet.disagree'), () => agree(false));
  }
  return sheet.button(text(isHost ? 'sheet.go-on-air' : 'sheet.agree'), () => agree(true));
}

/** Asks for another name of the own member. */
export function openNameForm(sheet, name, onChange) {
  const field = { name: 'name', label: text('common.your-name'), value: name };
  sheet.openForm(text('common.change-name'), text('sheet.change'), [field], (values) => {
    const checked = checkedName(values.name);
    if (checked.problem === undefined) onChange(checked.name);
    return checked.problem;
  });
}

/** Shows an invitation that the server has made. */
export function openInvite(sheet, { url, expires }) {
  const address = new URL(url, location.href).href;
  sheet.open(
    text('sheet.invite-title'), make('label', {}, text('sheet.invite-link'), copyRow(address)),
    make('p', { class: 'hint' }, text('sheet.invite-expires', { time: fullTime(expires) })));
}

function makeSwitch(label, isOn, onChange) {
  const input = make('input', { type: 'checkbox', role: 'switch', onchange: () => onChange(input.checked) });
  input.checked = isOn;
  return make('label', { class: 'switch' }, input, label);
}

function copyRow(address) {
  const field = make('input', { readonly: true, value: address, onfocus: () => field.select() });
  const button = make('button', { type: 'button', class: 'main', onclick: copy, 'data-text': 'common.copy' });
  async function copy() {
    field.select();
    try {
      await navigator.clipboard.writeText(address);
    } catch {
      // Without https there is no clipboard for scripts, but the selection can be copied.
      document.execCommand('copy');
    }
    setText(button, text('common.copied'));
  }
  return make('span', { class: 'copy-row' }, field, button);
}

function openInviteForm(sheet, send) {
  const options = (pairs) => pairs.map(([key, value]) => make('option', { value: String(value), 'data-text': key }));
  const role = make('select', {}, ...options(ROLES));
  const expiry = make('select', {}, ...options(EXPIRIES));
  expiry.selectedIndex = 1;
  const form = make('form', {
    class: 'form', onsubmit: (event) => {
      event.preventDefault();
      // The answer opens the sheet with the link.
      send({ type: 'invite', role: role.value, expires: Number(expiry.value) });
    },
  }, make('label', {}, text('sheet.invite-role'), role), make('label', {}, text('sheet.invite-valid'), expiry),
  make('button', { class: 'main', type: 'submit' }, text('sheet.invite-make')));
  sheet.open(text('sheet.invite'), form);
}

function openPollForm(sheet, send) {
  const fields = [
    { name: 'question', label: text('sheet.question') },
    { name: 'choices', label: text('sheet.choices'), isLong: true },
  ];
  sheet.openForm(text('sheet.poll'), text('sheet.ask'), fields, ({ question, choices }) => {
    const list = choices.split('\n').map((choice) => choice.trim()).filter(Boolean);
    if (list.length < 2) return text('sheet.two-choices');
    send({ type: 'event', event: { type: 'poll', question: question.trim(), choices: list } });
    return undefined;
  });
}

function openEventForm(sheet, type, send) {
  const field = { name: 'text', label: text('sheet.text') };
  sheet.openForm(text(`sheet.${type}`), text('common.send'), [field], ({ text: content }) => {
    send({ type: 'event', event: { type, text: content.trim() } });
  });
}
