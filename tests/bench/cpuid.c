/*
 * Counts the CPUID instructions that a program executes, by single-stepping it; a virtual machine traps each one.
 * Usage: cpuid PROGRAM   prints their number on standard error, and what one takes here in microseconds.
 */
#include <cpuid.h>
#include <stdio.h>
#include <sys/ptrace.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static double microseconds_of_one(void)
{
    enum { TIMES = 1000 };
    struct timespec start, end;
    unsigned a, b, c, d;

    clock_gettime(CLOCK_MONOTONIC, &start);
    for (int i = 0; i < TIMES; i++)
        __cpuid(0, a, b, c, d);
    clock_gettime(CLOCK_MONOTONIC, &end);
    return ((end.tv_sec - start.tv_sec) * 1e6 + (end.tv_nsec - start.tv_nsec) / 1e3) / TIMES;
}

int main(int argc, char **argv)
{
    struct user_regs_struct registers;
    int status, count = 0;
    pid_t child = argc > 1 ? fork() : -1;

    if (child == 0) {
        ptrace(PTRACE_TRACEME, 0, NULL, NULL);
        execv(argv[1], argv + 1);
        _exit(127);
    }
    while (waitpid(child, &status, 0) == child && WIFSTOPPED(status)) {
        ptrace(PTRACE_GETREGS, child, NULL, &registers);
        /* 0F A2, in memory order. */
        if ((ptrace(PTRACE_PEEKTEXT, child, (void *)registers.rip, NULL) & 0xffff) == 0xa20f)
            count++;
        ptrace(PTRACE_SINGLESTEP, child, NULL, NULL);
    }
    fprintf(stderr, "%d %.2f\n", count, microseconds_of_one());
    return child < 0 || !WIFEXITED(status) || WEXITSTATUS(status) != 0;
}
