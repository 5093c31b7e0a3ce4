// As much of an element as the tests of rows and panels need.

const camel = (name) => name.slice('data-'.length).replace(/-(\w)/g, (_, letter) => letter.toUpperCase());

export class FakeElement extends EventTarget {
  dataset = {};
  attributes = {};
  children = [];
  parentElement = null;
  style = { setProperty() {} };
  classList = { toggle() {}, add() {}, remove() {} };
  value = '';
  hidden = false;
  /** The number of times that the element has got the focus. */
  focusCount = 0;
  #content = '';

  constructor(tag) {
    super();
    this.tag = tag;
  }

  /** The elements inside of this one. */
  get all() { return this.children.flatMap((child) => (child instanceof FakeElement ? [child, ...child.all] : [])); }
  get paused() { return true; }
  get firstElementChild() { return this.children[0] ?? null; }
  get childElementCount() { return this.children.length; }
  get textContent() { return this.#content + this.children.map((child) => child.textContent ?? child).join(''); }

  set textContent(content) {
    this.#content = content;
    this.children = [];
  }

  append(...children) {
    this.children.push(...children);
    for (const child of children) if (child instanceof FakeElement) child.parentElement = this;
  }

  replaceChildren(...children) {
    this.textContent = '';
    this.append(...children);
  }

  remove() {}
  focus() { this.focusCount += 1; }
  select() {}
  getAttribute(name) { return this.attributes[name] ?? null; }
  removeAttribute(name) { delete this.attributes[name]; }
  toggleAttribute(name, isOn) { this.attributes[name] = isOn ? '' : undefined; }

  setAttribute(name, value) {
    if (name.startsWith('data-')) this.dataset[camel(name)] = value;
    else this.attributes[name] = value;
  }

  /** Selectors of a tag and of an attribute with data. */
  querySelectorAll(selectors) {
    return this.all.filter((element) => selectors.split(/,\s*/).some((selector) => (selector.startsWith('[')
      ? camel(selector.slice(1, -1)) in element.dataset : element.tag === selector)));
  }
}

export const fakeDocument = {
  createElement: (tag) => new FakeElement(tag), createElementNS: (_, tag) => new FakeElement(tag),
};

/** All that a person reads in an element and below it. */
export const readIn = (element) => [element, ...element.all].flatMap(({ children, textContent, attributes }) => [
  children.length === 0 ? textContent : '', attributes['aria-label'], attributes.placeholder, attributes.title,
]).filter(Boolean);
