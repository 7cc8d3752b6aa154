const said = document.querySelector(".status");
if (navigator.clipboard) {
  for (const button of document.querySelectorAll("td button")) {
    const value = button.closest("tr").querySelector("code");
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
