const ask = (url) => fetch(url, { cache: "no-store", redirect: "manual" }).catch(() => null);
const arrived = (answer) => answer && answer.headers.has("x-autodiscover");
const reach = document.getElementById("reach");
const files = reach.dataset.files.split(" ");
Promise.all(files.map(ask)).then((answers) => {
  const named = (wanted) => files.filter((_, at) => wanted(answers[at])).map((file) => new URL(file, location)).join(", ");
  // A redirect has the status 0: what it leads to is not looked at.
  const failed = named((answer) => !answer || !answer.status || answer.status >= 500);
  const open = named((answer) => answer && answer.ok && !arrived(answer));
  const said = reach.dataset;
  reach.textContent = open ? said.open + " " + open : failed ? said.failed + " " + failed : said.closed;
  reach.classList.toggle("alarm", Boolean(open || failed));
  reach.classList.toggle("fine", !open && !failed);
});
const list = document.getElementById("links");
if (list) {
  const links = [...list.querySelectorAll("a")];
  Promise.all(links.map(async (link) => {
    const answer = await ask(link.href);
    const arrives = Boolean(arrived(answer));
    const said = link.nextElementSibling;
    const status = answer && (answer.status || "302");
    said.textContent = arrives ? list.dataset.arrives : answer ? list.dataset.elsewhere + " " + status : list.dataset.failed;
    said.className = arrives ? "good" : "bad";
    return arrives;
  })).then((arrive) => {
    const sum = document.getElementById("sum");
    const count = arrive.filter(Boolean).length;
    sum.textContent = sum.dataset.sum.replace("{ $count }", count).replace("{ $total }", arrive.length);
    sum.classList.add(count === arrive.length ? "fine" : "alarm");
    sum.hidden = false;
  });
}
