// A QEMU plugin: how often each piece of straight-line code of a guest program runs.
//
//     qemu-aarch64 -plugin libcount.so,out=FILE PROGRAM …
//
// FILE gets one line for each translated block: its address in hexadecimal, its instructions, its executions. Counts are
// exact for programs with one thread. Debian has no header for the plugin interface (version 1), so what is used of it is
// declared here.
#include <inttypes.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef uint64_t qemu_plugin_id_t;
struct qemu_plugin_tb;
extern size_t qemu_plugin_tb_n_insns(const struct qemu_plugin_tb *block);
extern uint64_t qemu_plugin_tb_vaddr(const struct qemu_plugin_tb *block);
extern void qemu_plugin_register_vcpu_tb_trans_cb(
    qemu_plugin_id_t, void (*translated)(qemu_plugin_id_t, struct qemu_plugin_tb *));
extern void qemu_plugin_register_vcpu_tb_exec_inline(struct qemu_plugin_tb *, int operation, void *word, uint64_t value);
extern void qemu_plugin_register_atexit_cb(qemu_plugin_id_t, void (*ended)(qemu_plugin_id_t, void *), void *);

__attribute__((visibility("default"))) int qemu_plugin_version = 1;

struct block {
  uint64_t address, instructions, executions;
  struct block *next;
};

static struct block *blocks;
static const char *path;

static void translated(qemu_plugin_id_t id, struct qemu_plugin_tb *tb) {
  (void)id;
  struct block *block = calloc(1, sizeof *block);
  if (!block) abort();
  block->address = qemu_plugin_tb_vaddr(tb);
  block->instructions = qemu_plugin_tb_n_insns(tb);
  block->next = blocks;
  blocks = block;
  qemu_plugin_register_vcpu_tb_exec_inline(tb, /* QEMU_PLUGIN_INLINE_ADD_U64 */ 0, &block->executions, 1);
}

static void ended(qemu_plugin_id_t id, void *unused) {
  (void)id, (void)unused;
  FILE *file = fopen(path, "w");
  if (!file) {
    perror(path);
    return;
  }
  for (const struct block *block = blocks; block; block = block->next)
    fprintf(file, "%" PRIx64 " %" PRIu64 " %" PRIu64 "\n", block->address, block->instructions, block->executions);
  fclose(file);
}

__attribute__((visibility("default")))
int qemu_plugin_install(qemu_plugin_id_t id, const void *info, int count, char **arguments) {
  (void)info;
  for (int index = 0; index < count; index++)
    if (!strncmp(arguments[index], "out=", 4)) path = strdup(arguments[index] + 4);
  if (!path) {
    fprintf(stderr, "count.c: give the file for the counts with out=FILE\n");
    return -1;
  }
  qemu_plugin_register_vcpu_tb_trans_cb(id, translated);
  qemu_plugin_register_atexit_cb(id, ended, NULL);
  return 0;
}
