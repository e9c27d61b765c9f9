// Has the part of the page that this stands in drawn anew after a while.
const timers = new WeakMap(); // by element: the function below runs anew when its data change

export default function ({ data, parentElement, setTriggerValue }) {
  clearTimeout(timers.get(parentElement));
  timers.set(parentElement, setTimeout(() => setTriggerValue("due", data.turn), data.afterMs));
  return () => clearTimeout(timers.get(parentElement));
}
