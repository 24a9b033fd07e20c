/* How long embeddings of an aligned face take from C, on one thread: see measure.
 *
 *     calls MODEL CALLS */
#define _POSIX_C_SOURCE 199309L
#include <faceq.h>

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static double microseconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (double)now.tv_sec * 1e6 + (double)now.tv_nsec / 1e3;
}

int main(int count, char **arguments) {
  faceq_options options = {sizeof options, 1, NULL};
  faceq_info info = {.struct_size = sizeof info};
  faceq_session *session;
  faceq_image face = {sizeof face, FACEQ_RGB, 0, 0, NULL, 0, 0};
  unsigned char *pixels;
  float *embedding;
  double least = 1e9;
  if (count != 3 || faceq_session_create(&options, &session)) return 64;
  if (faceq_open(session, arguments[1]) || faceq_session_info(session, &info)) {
    fprintf(stderr, "%s\n", faceq_message(session));
    return 1;
  }
  face.width = info.face_width;
  face.height = info.face_height;
  face.size = (size_t)info.face_width * info.face_height * 3;
  face.data = pixels = malloc(face.size);
  embedding = malloc(info.embedding_size * sizeof *embedding);
  if (!pixels || !embedding) return 1;
  for (size_t index = 0; index < face.size; index++) pixels[index] = (unsigned char)(index * 2654435761u >> 24);
  for (int call = 0; call < atoi(arguments[2]); call++) {
    double start = microseconds(), took;
    if (faceq_embed(session, &face, 1, NULL, embedding, NULL)) return 1;
    took = microseconds() - start;
    if (took < least) least = took;
  }
  printf("%.1f\n", least);
  faceq_session_close(session);
  free(pixels);
  free(embedding);
  return 0;
}
