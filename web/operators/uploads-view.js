// The view of the uploads on the operators' page. It changes only what is different, so that the focus stays.

import { make, setText } from '../js/elements/elements.js';
import { languageNow } from '../js/language/texts.js';
import { TEXTS, actionsOnUpload, wordsOfUpload } from './uploads.js';

const INTERVAL_MS = 5000;
/** A deletion is done if the operator presses again within this time. */
const QUESTION_MS = 5000;

export class UploadsView {
  #find;
  #requests;
  /** @type {Map<string, {item: HTMLElement, shown: string}>} by the id of the upload */
  #rows = new Map();
  #takesUploads = false;

  /**
   * @param {(id: string) => HTMLElement} find
   * @param {import('./uploads.js').UploadRequests} requests
   */
  constructor(find, requests) {
    [this.#find, this.#requests] = [find, requests];
  }

  /** @param {{uploads: boolean}} status of the station. Looks again and again, while the page is visible. */
  update({ uploads }) {
    const began = uploads && !this.#takesUploads;
    this.#takesUploads = uploads;
    if (began) this.#run();
    if (!uploads) this.#find('uploads').hidden = true;
  }

  async #run() {
    if (!this.#takesUploads) return;
    if (!document.hidden) await this.#look();
    setTimeout(() => this.#run(), INTERVAL_MS);
  }

  async #look() {
    let found;
    try {
      found = await this.#requests.list();
    } catch {
      // The page says already that the server does not answer.
      return;
    }
    this.#find('uploads').hidden = found === null;
    if (found === null) return;
    this.#find('uploads-none').hidden = found.uploads.length > 0;
    const rows = new Map();
    for (const upload of found.uploads) {
      const row = this.#rows.get(upload.id) ?? { item: make('li', { class: 'room' }), shown: '' };
      rows.set(upload.id, row);
      // The buttons stay as long as they do the same, so that the focus and a question stay, too.
      const wanted = JSON.stringify([languageNow(), actionsOnUpload(upload, found.streams), upload.title, upload.url]);
      if (row.shown !== wanted) this.#show(row.item, upload, found.streams);
      row.shown = wanted;
      setText(row.item.querySelector('.room-words'), wordsOfUpload(upload));
    }
    for (const [id, { item }] of this.#rows) if (!rows.has(id)) item.remove();
    let before = this.#find('upload-list').firstElementChild;
    for (const { item } of rows.values()) {
      if (item === before) before = before.nextElementSibling;
      else this.#find('upload-list').insertBefore(item, before);
    }
    this.#rows = rows;
  }

  #show(item, upload, streams) {
    const buttons = actionsOnUpload(upload, streams).map((action) => {
      let asked = null;
      const button = make('button', { type: 'button', onclick: () => {
        if (action.isAsked && asked === null) {
          setText(button, TEXTS.confirm);
          button.removeAttribute('aria-label');
          button.classList.add('asks');
          asked = setTimeout(() => {
            asked = null;
            setText(button, action.label);
            button.setAttribute('aria-label', TEXTS.removeOf(upload.title));
            button.classList.remove('asks');
          }, QUESTION_MS);
          return;
        }
        clearTimeout(asked);
        this.#act(upload, action);
      } }, action.label);
      if (action.isAsked) button.setAttribute('aria-label', TEXTS.removeOf(upload.title));
      return button;
    });
    item.replaceChildren(
      make('strong', { class: 'room-name' }, make('bdi', {}, upload.title)), ' ',
      make('span', { class: 'room-words' }),
      make('div', { class: 'actions', role: 'group', 'aria-label': upload.title },
        make('a', { href: new URL(upload.url.slice(1), document.baseURI).href, target: '_blank', rel: 'noopener' }, TEXTS.listen),
        ...buttons));
  }

  async #act(upload, action) {
    try {
      await this.#requests.act(upload.id, action);
      setText(this.#find('uploads-said'), action.name === 'air' ? TEXTS.onAir(upload.title, action.stream) : '');
    } catch (error) {
      setText(this.#find('uploads-said'), error.message);
    }
    this.#look();
  }
}
