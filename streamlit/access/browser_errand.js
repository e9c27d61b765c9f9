// What only the browser can do for a page: bring a ticket to the server's route, whose answer sets
// cookies that no script sees; let go of drawings that were deleted; and begin anew once a visitor is
// forgotten. The last two in other tabs, too.
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

// Drawings of these ids, and those of a visitor that were begun until then. How a tab holds one is
// made in `streamlit/drawing/held.py`.
function letGo({ ids, of, until }) {
  const isTheirs = (held) => of !== null && held?.visitor === of;
  const isGone = (held) =>
    ids.includes(held?.id) || (isTheirs(held) && Date.parse(held.createdAt) <= Date.parse(until));
  try {
    for (const key of Object.keys(sessionStorage).filter((one) => one.startsWith(OURS)))
      if (isGone(JSON.parse(sessionStorage.getItem(key)))) sessionStorage.removeItem(key);
  } catch {
    // Nothing is kept here, or it is not ours.
  }
}

export default function (component) {
  const { ticket, route, anew, gone, channel } = component.data;
  const tabs = typeof BroadcastChannel === "undefined" ? null : new BroadcastChannel(channel);
  if (tabs)
    tabs.onmessage = ({ data }) => {
      if (data.gone) letGo(data.gone);
      else setTimeout(beginAnew, OTHERS_WAIT_MS);
    };
  if (gone.ids.length || gone.of) {
    letGo(gone);
    tabs?.postMessage({ gone });
  }
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
