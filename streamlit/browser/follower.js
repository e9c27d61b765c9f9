// Two ways for one stroke. The fast one is for the eye: the pen is followed, and the server's route
// says what the strokes so far are read as. The true one keeps: at the end of a stroke the library
// sends its own drawing, the script reads it, and what that says replaces what the fast one said.
import { makeAnswered } from "./answered.js";
import { makeCard } from "./card.js";
import { followKeys } from "./keys.js";
import { followPen } from "./pen.js";
import { makeReader } from "./reader.js";
import { recall, remember } from "./tab.js";
import { greyOut } from "./tools.js";

const UPDATE = '[aria-label="Update the app with this drawing"]';
const HEAD_START_MS = 90; // of the reading before the script, with which it shares a processor
const PATIENCE_MS = 1500; // for the script to have heard of each stroke that was followed

const states = new WeakMap(); // by element: the function below runs anew when its data change

function makeState(parent, first, tell) {
  const { show, say } = makeCard(parent, first.isSmall);
  if (!first.follow) {
    const hear = (news) => show(news.shown, { strokes: 0, isTrue: true });
    hear(first);
    return { hear, stop: () => {} };
  }
  const showAnswered = makeAnswered(first.follow.section, first.follow.side);
  let data = first;
  let laid = []; // strokes that the script knows
  let own = []; // followed since
  let current = null;
  let asked = 0; // questions, and which of them is the newest that is shown
  let answered = 0;
  let isLive = false;
  let patience = null;
  let sending = null; // the timer after which the library is made to send its drawing

  const answer = (reading, question) => {
    if (question.turn !== data.follow.turn || question.number <= answered) return;
    answered = question.number;
    // A stroke that has only begun is a dot, which is no news.
    if (isLive && reading.bars === undefined) return;
    show(reading, { strokes: question.ended, isLive });
  };
  const reader = makeReader(answer, (question) => {
    if (question.isLast && sending) sending.now();
  });
  const send = (root, afterMs) => {
    // After the library has taken the stroke in; of its own it would send it 200 ms later.
    const now = () => {
      clearTimeout(timer);
      sending = null;
      root.querySelector(UPDATE)?.click();
    };
    const timer = setTimeout(now, afterMs);
    sending = { now, timer };
  };
  const ask = (isLast) => {
    const strokes = current ? [...laid, ...own, current] : [...laid, ...own];
    const { route, visitor, turn } = data.follow;
    const ended = laid.length + own.length;
    const question = { route, visitor, turn, strokes, ended, isLast, number: ++asked };
    return Boolean(route) && reader(question);
  };
  const setTools = () => {
    const { tools, canRedo, answered: done } = data.follow;
    const isBlank = laid.length + own.length + done.length === 0;
    const [undo, redo, clear] = tools;
    greyOut({ [undo]: isBlank, [redo]: !canRedo || own.length > 0, [clear]: isBlank });
  };
  const keep = () => {
    const { answered: done, drawing, isFresh } = data.follow;
    // Strokes that came after an answer belong to a drawing that has no name yet.
    const isNext = done.length > 0 && own.length > 0;
    const strokes = done.length && !isNext ? done : [...laid, ...own];
    if (!isFresh || strokes.length) remember({ strokes, ...(isNext ? {} : drawing) });
  };
  const showTruth = (isSure = true) => {
    laid = data.follow.strokes;
    own = [];
    answered = asked; // what is still under way is older
    show(data.shown, { strokes: laid.length, isTrue: true });
    showAnswered(data.follow.answered);
    setTools();
    if (data.follow.isFresh) tellHeld();
    else if (isSure) keep();
  };
  let isTold = false;
  const tellHeld = () => {
    const held = recall();
    if (isTold || !(held?.strokes?.length || laid.length)) return;
    isTold = true;
    tell("held", held?.strokes?.length ? held : {});
  };
  const wait = () => {
    clearTimeout(patience);
    patience = setTimeout(() => {
      // The library did not take a stroke that was followed, or the server is out of reach: then
      // the tab is to hold it all the same.
      if (!isLive) showTruth(false);
    }, PATIENCE_MS);
  };
  const add = ([x, y]) => {
    current.x.push(Math.round(x * 10) / 10);
    current.y.push(Math.round(y * 10) / 10);
  };

  const heard = {
    begin(point) {
      clearTimeout(patience);
      keys.flush();
      say(null);
      showAnswered([]);
      isLive = true;
      current = { x: [], y: [], pen: data.follow.pen };
      add(point);
    },
    move(point, isStraight) {
      if (!current) return;
      if (isStraight && current.x.length > 1) {
        current.x.pop(); // as the library does while Shift is held
        current.y.pop();
      }
      add(point);
      ask(false);
    },
    end(root) {
      isLive = false;
      let isAsked = false;
      if (current) {
        own.push(current);
        current = null;
        isAsked = ask(true);
        setTools();
        keep();
      }
      send(root, isAsked ? HEAD_START_MS : 0);
      wait();
    },
    cancel(root) {
      isLive = false;
      current = null;
      showTruth();
      send(root, 0);
    },
  };
  const stop = followPen(first.follow.section, heard);
  const keys = followKeys({
    keys: () => data.follow.keys,
    words: () => data.follow.words,
    isDrawing: () => isLive,
    say,
  });
  showTruth();

  const hear = (news) => {
    const isOtherTurn = data.follow.turn !== news.follow.turn;
    const isRestarted = news.follow.isFresh && !data.follow.isFresh;
    data = news;
    if (isRestarted) isTold = false;
    if (isOtherTurn) current = null; // undone, cleared or put back, perhaps in mid-stroke
    const isBehind = !isOtherTurn && news.follow.strokes.length < laid.length + own.length;
    if (isBehind && !isRestarted) return; // of a stroke before the last: the next one is under way
    if (!current) {
      clearTimeout(patience);
      showTruth();
    } else {
      laid = news.follow.strokes;
      own = [];
    }
  };
  return { hear, stop: () => (clearTimeout(patience), keys.stop(), stop()) };
}

export default function (component) {
  const { data, parentElement, setTriggerValue } = component;
  const known = states.get(parentElement);
  if (known) known.hear(data);
  else states.set(parentElement, makeState(parentElement, data, setTriggerValue));
  return () => {
    states.get(parentElement)?.stop();
    states.delete(parentElement);
  };
}
