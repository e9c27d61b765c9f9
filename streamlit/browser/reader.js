// Asks the server what strokes are read as: one request under way at a time, the newest question
// next, and nothing that a request does not answer is asked again.
const EVERY_MS = 110; // between questions while the pen is down
const REST_MS = 5000; // after a refusal or a failure, when the page gets on without
const LONGEST_MS = 3000;

// answered(reading, question) is called for each answer, in the order of the questions, and
// over(question) when nothing more will come of one. Returns what asks, and tells whether it does.
export function makeReader(answered, over) {
  let next = null;
  let isBusy = false;
  let timer = null;
  let askedAt = -EVERY_MS;
  let restUntil = 0;

  const go = async () => {
    timer = null;
    if (isBusy || !next) return;
    const question = next;
    next = null;
    isBusy = true;
    askedAt = performance.now();
    try {
      const answer = await fetch(question.route, {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify({ visitor: question.visitor, strokes: question.strokes }),
        signal: AbortSignal.timeout(LONGEST_MS),
      });
      if (!answer.ok) throw new Error(answer.statusText);
      answered(await answer.json(), question);
    } catch {
      restUntil = performance.now() + REST_MS;
      next = null;
    }
    isBusy = false;
    over(question);
    plan();
  };
  const plan = () => {
    if (!next || isBusy) return;
    if (timer) clearTimeout(timer);
    const wait = next.isLast ? 0 : askedAt + EVERY_MS - performance.now();
    if (wait <= 0) go();
    else timer = setTimeout(go, wait);
  };
  return (question) => {
    if (performance.now() < restUntil) return false;
    next = question;
    plan();
    return true;
  };
}
