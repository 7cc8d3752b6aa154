const ask = (url) => fetch(url, { cache: "no-store", redirect: "manual" }).catch(() => null);
const reach = document.getElementById("reach");
Promise.all(["autodiscover.toml", "domains/"].map(ask)).then((answers) => {
  const open = answers.filter((answer) => answer && answer.ok && !answer.headers.has("x-autodiscover"));
  reach.textContent = open.length ? reach.dataset.open + " " + open.map((answer) => answer.url).join(", ") : reach.dataset.closed;
  reach.classList.toggle("alarm", open.length > 0);
});
const links = document.getElementById("links");
if (links) {
  for (const link of links.querySelectorAll("a")) {
    ask(link.href).then((answer) => {
      const arrives = answer && answer.headers.has("x-autodiscover");
      const said = link.nextElementSibling;
      said.textContent = arrives ? links.dataset.answers : links.dataset.elsewhere + " " + (answer ? answer.status : "–");
      said.className = arrives ? "good" : "bad";
    });
  }
}
