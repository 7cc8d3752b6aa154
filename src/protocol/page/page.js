const said = document.querySelector(".status");
if (navigator.clipboard) {
  for (const button of document.querySelectorAll("dd button")) {
    const value = button.previousElementSibling;
    const label = button.textContent;
    button.hidden = false;
    button.addEventListener("click", async () => {
      try {
        await navigator.clipboard.writeText(value.textContent);
      } catch {
        getSelection().selectAllChildren(value);
        return;
      }
      button.textContent = said.dataset.copied;
      button.classList.add("done");
      const text = said.dataset.copied + ": " + value.textContent;
      said.textContent = text;
      setTimeout(() => {
        button.textContent = label;
        button.classList.remove("done");
        if (said.textContent === text) said.textContent = "";
      }, 2000);
    });
  }
}
const send = document.getElementById("send");
// A phone without a mailbox cannot send mail, but it can share.
if (send && navigator.share && matchMedia("(pointer: coarse)").matches) {
  send.addEventListener("click", (event) => {
    const fields = new URLSearchParams(send.search);
    event.preventDefault();
    navigator.share({ title: fields.get("subject"), text: fields.get("body") }).catch(() => {});
  });
}
