/*
 * Sends Outlook requests over many connections at once, each for another address.
 * Usage: load PORT PATH REQUESTS CONNECTIONS [floor]
 * Every answer must be a 200 that names its own address; with «floor» the 200 is enough.
 * Prints the number of errors, requests per second, and the median, the 99th percentile and the
 * longest of the times from connecting to the end of the answer, in milliseconds.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

static const char body[] =
    "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n"
    "<Autodiscover xmlns=\"http://schemas.microsoft.com/exchange/autodiscover/outlook/requestschema/2006\">\n"
    "  <Request>\n"
    "    <EMailAddress>user%d@example.org</EMailAddress>\n"
    "    <AcceptableResponseSchema>http://schemas.microsoft.com/exchange/autodiscover/outlook/responseschema/2006a"
    "</AcceptableResponseSchema>\n"
    "  </Request>\n"
    "</Autodiscover>\n";
static const char head[] =
    "POST %s HTTP/1.1\r\nHost: autodiscover.example.org\r\nConnection: close\r\n"
    "User-Agent: Microsoft Office/16.0\r\nContent-Type: text/xml\r\nContent-Length: %d\r\n\r\n%s";

static int port, requests, floor_only;
static const char *path;
static double *times;
static atomic_int next, errors;

static double milliseconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1e3 + now.tv_nsec / 1e6;
}

/* Whether the end is there: Apache drops a CGI program's Content-Length and sends chunks. */
static int whole(const char *answer, size_t filled)
{
    static const char last[] = "\r\n0\r\n\r\n";
    const char *end = strstr(answer, "\r\n\r\n");
    const char *length = strstr(answer, "Content-Length: ");

    if (end == NULL)
        return 0;
    if (length != NULL && length < end)
        return filled >= (size_t)(end + 4 - answer) + strtoul(length + 16, NULL, 10);
    return strcmp(answer + filled - strlen(last), last) == 0;
}

/* Whether the answer is there and right; what is wrong goes to standard error. */
static int ask(int number)
{
    char text[1024], message[2048], answer[16384], expected[64];
    int length = snprintf(text, sizeof text, body, number);
    struct sockaddr_in server = {.sin_family = AF_INET, .sin_port = htons(port)};
    struct timeval patience = {.tv_sec = 30};
    size_t filled = 0;
    ssize_t count;

    answer[0] = 0;
    length = snprintf(message, sizeof message, head, path, length, text);
    server.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int connection = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    setsockopt(connection, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    if (connection < 0 || connect(connection, (struct sockaddr *)&server, sizeof server) != 0 ||
        send(connection, message, length, MSG_NOSIGNAL) != length) {
        perror("load");
        close(connection);
        return 0;
    }
    /* As a mail client does: the server closes only when it has seen the CGI process end. */
    while (!whole(answer, filled) &&
           (count = recv(connection, answer + filled, sizeof answer - 1 - filled, 0)) > 0) {
        filled += count;
        answer[filled] = 0;
    }
    close(connection);
    snprintf(expected, sizeof expected, "<LoginName>user%d@example.org</LoginName>", number);
    if (whole(answer, filled) && strncmp(answer, "HTTP/1.1 200 ", 13) == 0 &&
        (floor_only || strstr(answer, expected) != NULL))
        return 1;
    fprintf(stderr, "load: request %d: %.200s\n", number, filled ? answer : "no answer");
    return 0;
}

static void *asking(void *unused)
{
    int number;

    while ((number = atomic_fetch_add(&next, 1)) < requests) {
        double start = milliseconds();
        /* One server that is down need not be told of a thousand times. */
        if (!ask(number) && atomic_fetch_add(&errors, 1) > 20)
            break;
        times[number] = milliseconds() - start;
    }
    return unused;
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

int main(int argc, char **argv)
{
    if (argc < 5) {
        fprintf(stderr, "usage: load PORT PATH REQUESTS CONNECTIONS [floor]\n");
        return 2;
    }
    port = atoi(argv[1]);
    path = argv[2];
    requests = atoi(argv[3]);
    int connections = atoi(argv[4]);
    floor_only = argc > 5;
    times = calloc(requests, sizeof *times);
    pthread_t *threads = calloc(connections, sizeof *threads);

    double start = milliseconds();
    for (int i = 0; i < connections; i++)
        if (pthread_create(&threads[i], NULL, asking, NULL) != 0)
            return 1;
    for (int i = 0; i < connections; i++)
        pthread_join(threads[i], NULL);
    double seconds = (milliseconds() - start) / 1e3;

    qsort(times, requests, sizeof *times, by_value);
    printf("%d %.0f %.2f %.2f %.2f\n", atomic_load(&errors), requests / seconds, times[requests / 2],
           times[(int)(requests * 0.99)], times[requests - 1]);
    return atomic_load(&errors) != 0;
}
