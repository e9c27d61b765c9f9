// What only the browser can do for a page: bring a ticket to the server's route, whose answer sets
// a cookie that no script sees; and begin anew, here and in other tabs, once a visitor is forgotten.
const OURS = "inkling"; // how the keys begin under which our pages keep something in a tab
const TRIES = 30; // a second apart, where the server cannot be reached
const OTHERS_WAIT_MS = 1500; // until the first tab has its new cookie, which others then share
const brought = new Set();

async function bring(ticket, route) {
  if (!ticket || brought.has(ticket)) return;
  brought.add(ticket);
  for (let tries = 0; tries < TRIES; tries++) {
    try {
      await fetch(route, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ ticket }),
      });
      return;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 1000));
    }
  }
}

function beginAnew() {
  for (const storage of [() => sessionStorage, () => localStorage]) {
    try {
      const keys = Object.keys(storage()).filter((key) => key.startsWith(OURS));
      for (const key of keys) storage().removeItem(key);
    } catch {
      // A browser that keeps nothing for us has nothing to take away.
    }
  }
  location.reload();
}

export default function (component) {
  const { ticket, route, anew, channel } = component.data;
  const tabs = typeof BroadcastChannel === "undefined" ? null : new BroadcastChannel(channel);
  if (tabs) tabs.onmessage = () => setTimeout(beginAnew, OTHERS_WAIT_MS);
  if (anew) {
    bring(ticket, route).then(() => {
      if (tabs && ticket) tabs.postMessage("forgotten");
      beginAnew();
    });
  } else {
    bring(ticket, route);
  }
  return () => tabs && tabs.close();
}
