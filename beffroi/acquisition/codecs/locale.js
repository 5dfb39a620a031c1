// Dates and numbers as Node writes them for en-US, whatever locale is asked. Evaluated only where a script needs it.
(() => {
  "use strict";
  const define = (object, name, value) =>
    Object.defineProperty(object, name, { value, writable: true, configurable: true, enumerable: false });
  const two = (number) => String(number).padStart(2, "0");
  const day = (date) => `${date.getMonth() + 1}/${date.getDate()}/${date.getFullYear()}`;

  function hour(date) {
    const half = date.getHours() < 12 ? "AM" : "PM";
    return `${date.getHours() % 12 || 12}:${two(date.getMinutes())}:${two(date.getSeconds())} ${half}`;
  }

  const dated = (write) =>
    function () {
      return Number.isNaN(this.getTime()) ? "Invalid Date" : write(this);
    };
  define(Date.prototype, "toLocaleString", dated((date) => `${day(date)}, ${hour(date)}`));
  define(Date.prototype, "toLocaleDateString", dated(day));
  define(Date.prototype, "toLocaleTimeString", dated(hour));

  // Up to three decimals, rounded as they are written, thousands set apart.
  define(Number.prototype, "toLocaleString", function () {
    const number = Number(this);
    if (!Number.isFinite(number)) return number > 0 ? "∞" : number < 0 ? "-∞" : "NaN";
    const written = String(Math.abs(number));
    if (written.includes("e+")) return String(number);
    const thousandths = written.includes("e-") ? 0 : Math.round(Number(`${written}e3`));
    const [whole, decimals = ""] = (thousandths / 1000).toFixed(3).split(".");
    const kept = decimals.replace(/0+$/, "");
    const sign = number < 0 || Object.is(number, -0) ? "-" : "";
    return sign + whole.replace(/\B(?=(\d{3})+$)/g, ",") + (kept ? `.${kept}` : "");
  });
})()
