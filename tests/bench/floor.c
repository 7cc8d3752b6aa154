/* The least that a CGI program can do: read the body, print a canned answer. */
#include <stdlib.h>
#include <unistd.h>

static const char answer[] =
    "Content-Type: text/xml; charset=utf-8\r\n"
    "Content-Length: 39\r\n"
    "\r\n"
    "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n";

int main(void)
{
    static char body[65536];
    const char *digits = getenv("CONTENT_LENGTH");
    size_t length = digits ? strtoul(digits, NULL, 10) : 0;
    size_t filled = 0;

    if (length > sizeof body)
        return 1;
    while (filled < length) {
        ssize_t count = read(0, body + filled, length - filled);
        if (count <= 0)
            return 1;
        filled += (size_t)count;
    }
    return write(1, answer, sizeof answer - 1) < 0;
}
