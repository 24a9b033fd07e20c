/* What does not fit into memory is a status, and the session works on. Run it with an address space of 400 MiB:
 *
 *     memory_test MODEL DETECTOR FACE */
#include <faceq.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int main(int count, char **arguments) {
  faceq_session *session;
  faceq_options options = {sizeof options, 1, NULL};
  faceq_image image = {sizeof image, FACEQ_FILE, 0, 0, NULL, 0, 0};
  float embedding[4096];
  size_t side = 7900;
  unsigned char *pixels = calloc(side * side, 1);
  faceq_status large, huge, usual;
  if (count != 4 || !pixels || faceq_session_create(&options, &session)) return 2;
  if (faceq_open(session, arguments[1]) || faceq_open(session, arguments[2])) return 2;

  image.format = FACEQ_GREY;
  image.width = image.height = (unsigned)side;
  image.data = pixels;
  image.size = side * side;
  large = faceq_embed(session, &image, 1, NULL, embedding, NULL);
  printf("7900 x 7900: status %d, %s\n", (int)large, faceq_message(session));
  huge = faceq_open_memory(session, pixels, (size_t)1 << 40);
  printf("a terabyte: status %d, %s\n", (int)huge, faceq_message(session));

  image.format = FACEQ_FILE;
  image.data = arguments[3];
  usual = faceq_embed(session, &image, 1, NULL, embedding, NULL);
  printf("a face: status %d\n", (int)usual);
  faceq_session_close(session);
  free(pixels);
  return !(large == FACEQ_OUT_OF_MEMORY && huge == FACEQ_OUT_OF_MEMORY && usual == FACEQ_OK);
}
