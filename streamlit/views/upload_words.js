// A picture that did not arrive shows a red chip and hides its reason in a tooltip, in the words of
// the library that sent it ("AxiosError: Request failed with status code 403"). Here the reason
// stands below the uploader, says what happened and what helps.
const WORDS = {
  400: "this page has lost its session. Reload it, then send the picture again.",
  403:
    "pictures are taken from this page's own address only. Where it is shown inside another site, " +
    "open it in a tab of its own.",
  404: "the server does not know this page any more. Reload it, then send the picture again.",
  413: "the picture is larger than what is let through on the way here.",
  429: "too much at once. Wait a moment, then try again.",
  network: "the server cannot be reached at the moment. Try again when it is back.",
  other: "the server did not take it. Try again in a moment.",
};

function inWords(text) {
  if (!/AxiosError/.test(text)) return text.replace(/^Error:\s*/, "");
  const status = /status code (\d+)/.exec(text);
  if (status) return WORDS[status[1]] || WORDS.other;
  return /network|timeout|aborted/i.test(text) ? WORDS.network : WORDS.other;
}

function problems(box) {
  const alerts = box.querySelectorAll('[data-testid="stFileChip"][aria-invalid="true"] [role="alert"]');
  return [...alerts].map((alert) => {
    const chip = alert.closest('[data-testid="stFileChip"]');
    const name = (chip.getAttribute("aria-label") || "").replace(/, [^,]*$/, "");
    return `${name}: ${inWords(alert.textContent)}`;
  });
}

const watchers = new WeakMap();

export default function (component) {
  const { data, parentElement } = component;
  let list = parentElement.querySelector("ul");
  if (!list) {
    const spoken = document.createElement("div");
    spoken.setAttribute("role", "status");
    list = document.createElement("ul");
    list.className = "inkling-upload-problems";
    list.style.cssText = "margin: 0; padding: 0; list-style: none; color: var(--st-red-text-color, #b3261e)";
    spoken.appendChild(list);
    parentElement.appendChild(spoken);
  }
  const attempt = (tries) => {
    const box = document.querySelector(`.st-key-${data.box}`);
    if (!box) {
      if (tries < 600) requestAnimationFrame(() => attempt(tries + 1));
      return;
    }
    let said = null;
    const say = () => {
      const lines = problems(box);
      if (lines.join("\n") === said) return;
      said = lines.join("\n");
      list.replaceChildren(
        ...lines.map((line) => {
          const item = document.createElement("li");
          item.textContent = `Not sent. ${line}`;
          return item;
        }),
      );
    };
    if (watchers.has(list)) watchers.get(list).disconnect();
    const watcher = new MutationObserver(say);
    watchers.set(list, watcher);
    watcher.observe(box, { childList: true, subtree: true, characterData: true, attributes: true });
    say();
  };
  attempt(0);
  return () => watchers.has(list) && watchers.get(list).disconnect();
}
