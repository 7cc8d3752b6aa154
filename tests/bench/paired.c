/*
 * Times programs against each other: in turn, many times, the same request on standard input.
 * Usage: paired RUNS REQUEST PROGRAM...
 * Prints a line for each program: the medians of the time in microseconds and of the page faults, and the largest
 * resident set in KiB.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

extern char **environ;

static double microseconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1e6 + now.tv_nsec / 1e3;
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double median(double *values, int count)
{
    qsort(values, count, sizeof *values, by_value);
    return values[count / 2];
}

int main(int argc, char **argv)
{
    if (argc < 4) {
        fprintf(stderr, "usage: paired RUNS REQUEST PROGRAM...\n");
        return 2;
    }
    int runs = atoi(argv[1]), programs = argc - 3;
    double *times = calloc((size_t)runs * programs, sizeof *times);
    double *faults = calloc((size_t)runs * programs, sizeof *faults);
    long *resident = calloc(programs, sizeof *resident);

    for (int run = 0; run < runs; run++) {
        for (int i = 0; i < programs; i++) {
            posix_spawn_file_actions_t files;
            pid_t child;
            int status;
            struct rusage usage;
            char *arguments[] = {argv[3 + i], NULL};

            posix_spawn_file_actions_init(&files);
            posix_spawn_file_actions_addopen(&files, 0, argv[2], O_RDONLY, 0);
            posix_spawn_file_actions_addopen(&files, 1, "/dev/null", O_WRONLY, 0);
            double start = microseconds();
            if (posix_spawn(&child, argv[3 + i], &files, NULL, arguments, environ) != 0 ||
                wait4(child, &status, 0, &usage) != child || status != 0) {
                fprintf(stderr, "paired: %s failed\n", argv[3 + i]);
                return 1;
            }
            times[(size_t)i * runs + run] = microseconds() - start;
            if (usage.ru_maxrss > resident[i])
                resident[i] = usage.ru_maxrss;
            faults[(size_t)i * runs + run] = usage.ru_minflt;
            posix_spawn_file_actions_destroy(&files);
        }
    }
    for (int i = 0; i < programs; i++)
        printf("%.1f %.0f %ld\n", median(times + (size_t)i * runs, runs), median(faults + (size_t)i * runs, runs),
               resident[i]);
    return 0;
}
